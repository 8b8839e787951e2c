/** An id that the mirror does not hold: perhaps the CRM does. */
import { Button } from '@mantine/core';
import { IconCloudDown } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Page } from '@/components/page/page';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { useForceSync } from '../api/deal';

export function UnknownDeal({ id }: { id: string }) {
  const mayEdit = useMay('editor');
  const sync = useForceSync(id);
  const mayExist = /^\d{1,19}$/.test(id);
  return (
    <Page
      title="No such deal"
      lede={
        <>
          The mirror holds no deal {id}. <Link to="/deals">All deals</Link>
        </>
      }
      actions={
        mayEdit &&
        mayExist && (
          <Button
            loading={sync.isPending}
            leftSection={<IconCloudDown size={16} stroke={1.7} aria-hidden />}
            onClick={() => {
              sync.mutate('from_crm', {
                onError: (error) => {
                  tellError(error, 'The deal was not found.');
                },
              });
            }}
          >
            Look it up in the CRM
          </Button>
        )
      }
    >
      <p>
        {mayExist
          ? 'A deal that was made in the CRM a moment ago arrives with the next sync.'
          : 'The ID of a deal is a number of up to 19 digits.'}
      </p>
    </Page>
  );
}
