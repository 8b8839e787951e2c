/** What stands at the right of a place in the sidebar: only what asks for somebody, or moves. */
import { useQuery } from '@tanstack/react-query';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import classes from './place-count.module.css';

export function PlaceCount({ path }: { path: string }) {
  if (path === '/live-sync') return <RunningCount />;
  return null;
}

function RunningCount() {
  const { data } = useQuery(currentStatusQuery);
  if (!data?.is_syncing) return null;
  return (
    <span className={classes.count} data-hue="blue">
      on
    </span>
  );
}
