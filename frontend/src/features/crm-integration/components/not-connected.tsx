/** No CRM is connected: an admin connects one, others are told who can. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { Columns } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { whoConnects } from '@/lib/connect-words';
import { useMay } from '@/lib/queries/session';
import { type Connection, connectOptionsQuery } from '../api/connection';
import { AskedFor } from './asked-for';
import { ConnectForm } from './connect-form';
import classes from './not-connected.module.css';
import { OutcomeNote } from './outcome-note';

export function NotConnected({ connection }: { connection: Connection }) {
  const mayConnect = useMay('admin');
  return (
    <Page
      title={mayConnect ? 'Connect to Zoho CRM' : 'CRM Integration'}
      lede={
        mayConnect
          ? 'You sign in at Zoho, choose the organisation and agree to the list. Then you come back here.'
          : 'No CRM is connected.'
      }
    >
      <OutcomeNote connection={connection} />
      {mayConnect ? (
        <Connect connection={connection} />
      ) : (
        <Note kind="locked">{whoConnects(connection.admins)}</Note>
      )}
    </Page>
  );
}

function Connect({ connection }: { connection: Connection }) {
  const options = useQuery(connectOptionsQuery);
  const mirrored = connection.organisation;
  return (
    <QueryPanel
      query={options}
      failed="The data centres could not be read"
      minHeight={520}
      skeleton={<Skeleton h={520} />}
    >
      {(found) => (
        <Columns>
          <div className={classes.form}>
            {mirrored !== null && (
              <div className={classes.mirrored}>
                <Note kind="info">
                  The mirror belongs to <strong>{mirrored.company_name}</strong>. Sign in to this
                  organisation; data and history are kept for it.
                </Note>
              </div>
            )}
            <ConnectForm options={found} />
          </div>
          <AskedFor areas={found.areas} />
        </Columns>
      )}
    </QueryPanel>
  );
}
