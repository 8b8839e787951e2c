/** The four numbers of the page: health, records in sync, what waits, what asks for somebody. */
import { useQuery } from '@tanstack/react-query';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { OVERALL_STATES } from '@/components/status/vocabulary';
import { counted, formatDuration, formatShare, formatWhole, NONE } from '@/lib/format';
import { useNow } from '@/lib/now';
import { openCountQuery } from '../api/conflicts';
import type { Health } from '../api/queries';
import type { Search } from '../lib/search';
import classes from './health-numbers.module.css';

export function HealthNumbersWaiting() {
  return (
    <KeyNumbers label="Sync health">
      {['Sync health', 'Records in sync', 'Pending changes', 'Conflicts'].map((label) => (
        <KeyNumber key={label} label={label} value="" isLoading />
      ))}
    </KeyNumbers>
  );
}

export function HealthNumbers({ health, search }: { health: Health; search: Search }) {
  const now = useNow();
  const records = health.record_status;
  const state = OVERALL_STATES[health.overall_health];
  const Icon = state.icon;
  const { successful_sessions: good, failed_sessions: bad } = health.sync_statistics;
  const waited = (since: string | null): string =>
    since === null ? '' : `, oldest ${formatDuration((now.getTime() - Date.parse(since)) / 1_000)}`;
  return (
    <KeyNumbers label="Sync health">
      <KeyNumber
        label="Sync health"
        value={
          <span className={classes.health}>
            <Icon size={20} stroke={1.7} aria-hidden />
            {state.word}
          </span>
        }
        {...(state.hue === null ? {} : { valueHue: state.hue })}
        fact={
          health.success_rate === 'unknown'
            ? 'no run has ended'
            : `${formatShare(health.success_rate)} of ${counted(good + bad, 'run')} succeeded`
        }
        about="Completed runs ÷ completed and failed ones. Healthy from 95%, degraded from 80%."
        to={search.to({ tab: 'history', page: null })}
      />
      <KeyNumber
        label="Records in sync"
        value={formatWhole(records.synced_count)}
        fact={
          records.total_count === 0
            ? 'nothing is mirrored yet'
            : `of ${formatWhole(records.total_count)}, ${formatShare(records.synced_count / records.total_count, 2)}`
        }
        about="Records of the mirror whose values are the same on both sides. Deleted ones are left out."
      />
      <KeyNumber
        label="Pending changes"
        hue="blue"
        value={formatWhole(records.pending_count)}
        fact={
          records.pending_count === 0
            ? 'nothing waits'
            : `waiting for sync${waited(records.oldest_pending_at)}`
        }
        {...(records.pending_count === 0 ? {} : { to: search.to({ records: 'pending' }) })}
      />
      <OpenConflicts records={records} waited={waited} search={search} />
    </KeyNumbers>
  );
}

type OpenProps = {
  records: Health['record_status'];
  waited: (since: string | null) => string;
  search: Search;
};

/** Conflicts that ask for somebody; of those that were skipped the queue tells. */
function OpenConflicts({ records, waited, search }: OpenProps) {
  const { data: open, isPending } = useQuery(openCountQuery);
  // The oldest of all is not the oldest that is open where some were skipped.
  const age = open === records.conflict_count ? waited(records.oldest_conflict_at) : '';
  return (
    <KeyNumber
      label="Conflicts"
      hue="amber"
      isLoading={isPending}
      value={open === undefined ? NONE : formatWhole(open)}
      fact={
        open === undefined
          ? 'could not be counted'
          : open === 0
            ? 'none is open'
            : `${open === 1 ? 'requires' : 'require'} attention${age}`
      }
      {...(open === 0 ? {} : { to: search.to({ tab: 'conflicts', page: null }) })}
    />
  );
}
