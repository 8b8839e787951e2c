/** What stands at the right of a place in the sidebar: only what asks for somebody, or moves. */
import { useQuery } from '@tanstack/react-query';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import classes from './place-count.module.css';
import { wholePercent } from './sync-words';

export function PlaceCount({ path }: { path: string }) {
  if (path === '/live-sync') return <RunningCount />;
  return null;
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
