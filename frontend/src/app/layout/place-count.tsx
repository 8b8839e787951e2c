/** What stands at the right of a place in the sidebar: only what asks for somebody, or moves. */
import { useQuery } from '@tanstack/react-query';
import { counted, formatWhole } from '@/lib/format';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import classes from './place-count.module.css';
import { wholePercent } from './sync-words';

export function PlaceCount({ path }: { path: string }) {
  if (path === '/live-sync') return <RunningCount />;
  if (path === '/sync-status') return <ConflictCount />;
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

function RunningCount() {
  const { data } = useQuery(currentStatusQuery);
  if (!data?.running) return null;
  return (
    <span className={classes.count} data-hue="blue">
      {wholePercent(data.running.progress_percentage) ?? 'on'}
    </span>
  );
}
