/** What stands above a deal that is not as it should be: gone, out of sight, refused. */
import { Button, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Note } from '@/components/note/note';
import { Moment } from '@/components/time/moment';
import { counted } from '@/lib/format';
import { useNow } from '@/lib/now';
import { useMay } from '@/lib/queries/session';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { tell, tellError } from '@/lib/toast';
import type { Deal } from '../api/deal';
import { useSettleGone } from '../api/edit';
import { listed } from '../lib/listed';
import { personOf } from '../lib/person';
import classes from './deal-notes.module.css';

const isToday = (at: string, now: Date): boolean =>
  new Date(at).toDateString() === now.toDateString();

export function DealNotes({ deal }: { deal: Deal }) {
  const now = useNow('minute');
  const { sync } = deal;
  const edits = openEdits(deal);
  if (sync.presence === 'deleted') {
    return (
      <div className={classes.notes}>
        <Note kind={edits.length > 0 ? 'warning' : 'info'} action={<SettleGone deal={deal} />}>
          This deal was deleted in the CRM
          {sync.gone_at !== null && (
            <>
              {' '}
              {isToday(sync.gone_at, now) ? 'at' : 'on'} <Moment at={sync.gone_at} as="when" />
            </>
          )}
          {sync.gone_by !== null && ` by ${personOf(sync.gone_by)}`}. Its history stays. It is in no
          total.
          {edits.length > 0 && (
            <>
              {' '}
              <strong>
                {counted(edits.length, 'edit')} made here {edits.length === 1 ? 'waits' : 'wait'}{' '}
                for a decision: {listed(edits)}.
              </strong>
            </>
          )}
        </Note>
      </div>
    );
  }
  // A refused edit says so at its own field, with what can be done.
  if (sync.status !== 'error' || (sync.presence === 'live' && hasRefusal(deal))) return null;
  return (
    <div className={classes.notes}>
      <Note kind="failing">
        <strong>
          {sync.presence === 'invisible'
            ? 'The CRM no longer shows this deal to us.'
            : 'The deal is not in sync.'}
        </strong>{' '}
        {sync.reason}
        {sync.presence === 'invisible' && sync.gone_at !== null && (
          <>
            {' Noticed '}
            <Moment at={sync.gone_at} as="when" />. It is in no total.
          </>
        )}
      </Note>
    </div>
  );
}

const openEdits = ({ fields }: Deal): string[] =>
  fields.flatMap(({ label, change }) => (change === null ? [] : [label]));

const hasRefusal = ({ fields }: Deal): boolean =>
  fields.some(({ change }) => change?.state === 'error');

/** Drops the edits of a deal that the CRM deleted, or restores it there and sends them. */
function SettleGone({ deal }: { deal: Deal }) {
  const mayEdit = useMay('editor');
  const settle = useSettleGone(deal.id);
  const { data: current } = useQuery(currentStatusQuery);
  const count = openEdits(deal).length;
  if (!mayEdit || count === 0) return null;
  const isReadOnly = current?.mode === 'crm_to_local';
  const choose = (action: 'use_crm' | 'use_local', failed: string): void => {
    settle.mutate(action, {
      onSuccess: ({ message }) => {
        tell(message);
      },
      onError: (error) => {
        tellError(error, failed);
      },
    });
  };
  return (
    <div className={classes.choices}>
      <Button
        disabled={settle.isPending}
        onClick={() => {
          choose('use_crm', 'The edits were not dropped.');
        }}
      >
        Drop {counted(count, 'edit')}
      </Button>
      <Tooltip
        label={
          isReadOnly
            ? 'Sync mode is CRM to local: nothing is written to the CRM.'
            : 'Brings the deal back from the recycle bin of the CRM. Costs a credit beside sending.'
        }
        multiline
        maw={280}
      >
        <Button
          disabled={settle.isPending}
          {...(isReadOnly && { 'data-disabled': true, 'aria-disabled': true })}
          onClick={() => {
            if (!isReadOnly) choose('use_local', 'The deal was not restored.');
          }}
        >
          Restore and send
        </Button>
      </Tooltip>
    </div>
  );
}
