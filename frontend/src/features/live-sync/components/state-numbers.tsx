/** How the mirror stands, in five numbers. */
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import {
  formatClockSeconds,
  formatDuration,
  formatStamp,
  formatWhen,
  formatWhole,
} from '@/lib/format';
import { useNow } from '@/lib/now';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { stateOf } from '../lib/words';
import classes from './state-numbers.module.css';

export function StateNumbers({ current }: { current: CurrentStatus | undefined }) {
  return (
    <div className={classes.numbers} data-running={current?.is_syncing || undefined}>
      <KeyNumbers label="State of the mirror">
        {current === undefined ? <Waiting /> : <Known current={current} />}
      </KeyNumbers>
    </div>
  );
}

function Known({ current }: { current: CurrentStatus }) {
  const now = useNow();
  const { word, hue } = stateOf(current);
  const { credits } = current;
  return (
    <>
      <KeyNumber
        label="Sync status"
        value={word}
        {...(hue && { valueHue: hue })}
        fact={lastSuccess(current, now)}
      />
      <KeyNumber
        label="Records synced"
        value={formatWhole(current.total_records_synced)}
        fact={`${formatWhole(current.new_records_today)} new today`}
        to="/deals"
      />
      <KeyNumber
        label="API usage, rolling 24 h"
        value={formatWhole(credits.used)}
        of={credits.limit === null ? 'credits' : `of ${formatWhole(credits.limit)} credits`}
        fact={
          credits.remaining === null
            ? 'The limit is known once the organisation was read'
            : `${formatWhole(credits.remaining)} left, no reset at midnight`
        }
        about="Credits come back one by one, 24 hours after they were spent. The limit is that of your organisation in the CRM."
      />
      <KeyNumber
        label="Pending changes"
        value={formatWhole(current.pending_changes)}
        fact={oldestPending(current, now)}
        {...(current.pending_changes > 0 && { hue: 'blue' as const, to: '/deals?state=pending' })}
      />
      <KeyNumber
        label="Conflicts"
        {...(current.conflicts > 0 && {
          hue: 'amber' as const,
          to: '/sync-status?tab=conflicts',
        })}
        value={formatWhole(current.conflicts)}
        fact={current.conflicts > 0 ? 'Both sides changed the same field' : 'Nothing to decide'}
      />
    </>
  );
}

function lastSuccess(current: CurrentStatus, now: Date) {
  if (current.last_sync_at === null) return 'No run has completed yet';
  const at = new Date(current.last_sync_at);
  const isToday = at.toDateString() === now.toDateString();
  return (
    <>
      Last success{' '}
      <time dateTime={current.last_sync_at} title={formatStamp(at)}>
        {isToday ? formatClockSeconds(at) : formatWhen(at, now)}
      </time>
    </>
  );
}

function oldestPending(current: CurrentStatus, now: Date): string {
  if (current.oldest_pending_at === null) return 'Nothing waits for the CRM';
  const age = (now.getTime() - new Date(current.oldest_pending_at).getTime()) / 1_000;
  return `oldest ${formatDuration(Math.max(0, age))}`;
}

const LABELS = [
  'Sync status',
  'Records synced',
  'API usage, rolling 24 h',
  'Pending changes',
  'Conflicts',
];

function Waiting() {
  return LABELS.map((label) => <KeyNumber key={label} label={label} value="" isLoading />);
}
