/** The mirror's state in the header; leads to Live Sync Control. */
import { VisuallyHidden } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconClockPause,
  IconPlayerPause,
  IconPlugConnectedX,
  IconRefresh,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useNow } from '@/lib/now';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { useLiveState } from '../live';
import classes from './sync-state.module.css';
import { syncWords, type SyncWords } from './sync-words';

const ICONS: Record<SyncWords['kind'], Icon> = {
  loading: IconCircleDashed,
  offline: IconPlugConnectedX,
  'not-connected': IconPlugConnectedX,
  'never-synced': IconCircleDashed,
  syncing: IconRefresh,
  failing: IconAlertTriangle,
  stale: IconClockPause,
  paused: IconPlayerPause,
  'in-sync': IconCircleCheck,
};

export function SyncState() {
  const { data, dataUpdatedAt } = useQuery(currentStatusQuery);
  const waited = Math.max(0, (useNow().getTime() - dataUpdatedAt) / 1_000);
  const words = syncWords(data, useLiveState(), waited);
  const Icon = ICONS[words.kind];
  return (
    <>
      <Link to="/live-sync" className={classes.state} data-hue={words.hue ?? undefined}>
        <Icon
          size={16}
          stroke={1.7}
          aria-hidden
          data-turns={words.kind === 'syncing' || undefined}
        />
        <span className={classes.words}>
          <span className={classes.word}>{words.word}</span>
          {words.rest && <span className={classes.rest}> · {words.rest}</span>}
        </span>
      </Link>
      {/* Inside the link it would be left out of the link's name. */}
      <VisuallyHidden role="status">{words.word}</VisuallyHidden>
    </>
  );
}
