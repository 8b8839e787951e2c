/** A CRM is connected: what it is, what we may do, what stands for what. */
import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { Columns } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { useMay } from '@/lib/queries/session';
import { type Connection, useCheckNow } from '../api/connection';
import { type FieldMap as Map_, fieldMapQuery } from '../api/field-map';
import { ConnectionNotes } from './connection-notes';
import { Currencies } from './currencies';
import { CustomFields } from './custom-fields';
import { Disconnect } from './disconnect';
import { FieldMap, FieldMapWaiting } from './field-map';
import notes from './notes.module.css';
import { OutcomeNote } from './outcome-note';
import { RecentChanges } from './recent-changes';
import { StageHistory } from './stage-history';
import { Statements } from './statements';

export function Connected({ connection }: { connection: Connection }) {
  const map = useQuery(fieldMapQuery);
  const mayConnect = useMay('admin');
  const check = useCheckNow();
  return (
    <Page
      title="CRM Integration"
      lede={<Lede connection={connection} map={map.data} />}
      actions={
        <>
          <Button
            leftSection={<IconShieldCheck size={16} stroke={1.7} aria-hidden />}
            loading={check.isPending}
            onClick={() => {
              check.mutate();
            }}
          >
            Check now
          </Button>
          {mayConnect && <Disconnect connection={connection} />}
        </>
      }
    >
      <OutcomeNote connection={connection} />
      <ConnectionNotes connection={connection} />
      {!mayConnect && (
        <div className={notes.notes}>
          <Note kind="locked">
            You can read this, not change it.
            {connection.admins.length > 0 && ` Admins: ${connection.admins.join(', ')}.`}
          </Note>
        </div>
      )}
      <Statements connection={connection} />
      <Columns>
        <QueryPanel
          query={map}
          failed="The field map could not be read"
          minHeight={820}
          skeleton={<FieldMapWaiting />}
        >
          {(found) => <FieldMap map={found} />}
        </QueryPanel>
        <div>
          <CustomFields />
          <RecentChanges missing={map.data?.missing ?? []} />
          <StageHistory />
        </div>
      </Columns>
      <Currencies />
    </Page>
  );
}

function Lede({ connection, map }: { connection: Connection; map: Map_ | undefined }) {
  const lacking = connection.scopes_missing.length;
  return (
    <>
      Connected to <strong>{connection.organisation?.company_name ?? 'Zoho CRM'}</strong>.
      {map !== undefined && map.read_at !== null && ` ${mapWords(map)}`}
      {lacking > 0 &&
        ` ${lacking === 1 ? 'One permission is' : `${lacking} permissions are`} missing.`}
    </>
  );
}

function mapWords({ fields, missing }: Map_): string {
  if (missing.length === 0) return `All ${fields.length} fields are mapped.`;
  const mapped = `${fields.length - missing.length} of ${fields.length} fields are mapped`;
  return missing.length === 1
    ? `${mapped}, one needs you.`
    : `${mapped}, ${missing.length} need you.`;
}
