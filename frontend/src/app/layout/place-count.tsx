/** What stands at the right of a place in the sidebar: only what asks for somebody, or moves. */
import { useQuery } from '@tanstack/react-query';
import { counted, formatWhole } from '@/lib/format';
import { openAlertsQuery } from '@/lib/queries/alerts';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import classes from './place-count.module.css';
import { wholePercent } from './sync-words';

export function PlaceCount({ path }: { path: string }) {
  if (path === '/live-sync') return <RunningCount />;
  if (path === '/sync-status') return <ConflictCount />;
  if (path === '/alerts') return <AlertCount />;
  return null;
}

function ConflictCount() {
  const { data } = useQuery(currentStatusQuery);
  if (!data?.conflicts) return null;
  return (
    <span
      className={classes.count}
      data-hue="amber"
      role="img"
      aria-label={counted(data.conflicts, 'conflict')}
    >
      {formatWhole(data.conflicts)}
    </span>
  );
}

function AlertCount() {
  const { data } = useQuery(openAlertsQuery);
  if (!data?.open) return null;
  return (
    <span
      className={classes.count}
      data-hue="red"
      role="img"
      aria-label={counted(data.open, 'alert')}
    >
      {formatWhole(data.open)}
    </span>
  );
}

function RunningCount() {
  const { data } = useQuery(currentStatusQuery);
  if (!data?.running) return null;
  return (
    <span className={classes.count} data-hue="blue">
      {wholePercent(data.running.progress_percentage) ?? 'on'}
    </span>
  );
}
