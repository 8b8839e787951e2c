/** What stands above a deal that is not as it should be: gone, out of sight, refused. */
import { Note } from '@/components/note/note';
import { Moment } from '@/components/time/moment';
import { useNow } from '@/lib/now';
import type { Deal } from '../api/deal';
import { personOf } from '../lib/person';
import classes from './deal-notes.module.css';

const isToday = (at: string, now: Date): boolean =>
  new Date(at).toDateString() === now.toDateString();

export function DealNotes({ deal: { sync } }: { deal: Deal }) {
  const now = useNow('minute');
  if (sync.presence === 'deleted') {
    return (
      <div className={classes.notes}>
        <Note kind="info">
          This deal was deleted in the CRM
          {sync.gone_at !== null && (
            <>
              {' '}
              {isToday(sync.gone_at, now) ? 'at' : 'on'} <Moment at={sync.gone_at} as="when" />
            </>
          )}
          {sync.gone_by !== null && ` by ${personOf(sync.gone_by)}`}. Its history stays. It is in no
          total.
        </Note>
      </div>
    );
  }
  if (sync.status !== 'error') return null;
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
