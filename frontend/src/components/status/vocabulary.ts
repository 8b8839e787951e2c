/** The states, each with its icon, hue, word and sentence. Every badge, tooltip and table reads them. */
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconArrowsSplit2,
  IconArrowUp,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconClockEdit,
  IconClockPause,
  IconFlag3,
  IconHandStop,
  IconPlayerStop,
  IconRefresh,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';
import type { Hue } from '@/theme/palette';

export type State = { icon: Icon; hue: Hue | null; word: string; sentence?: string };

export const RECORD_STATES = {
  synced: {
    icon: IconCheck,
    hue: null,
    word: 'Synced',
    sentence: 'Both sides hold the same values',
  },
  pending: {
    icon: IconArrowUp,
    hue: 'blue',
    word: 'Pending',
    sentence: 'Edited locally, on its way to the CRM',
  },
  conflict: {
    icon: IconArrowsSplit2,
    hue: 'amber',
    word: 'Conflict',
    sentence: 'Both sides changed the same field. Someone decides',
  },
  error: {
    icon: IconAlertTriangle,
    hue: 'red',
    word: 'Error',
    sentence: 'The CRM refused the change, or the record may no longer be seen',
  },
  syncing: {
    icon: IconRefresh,
    hue: 'blue',
    word: 'Syncing',
    sentence: 'A run is reading or writing now',
  },
  stale: {
    icon: IconClockPause,
    hue: 'amber',
    word: 'Stale',
    sentence: 'Older than two intervals',
  },
  deleted: {
    icon: IconTrash,
    hue: null,
    word: 'Deleted in CRM',
    sentence: 'Kept here for history, out of all totals',
  },
} as const satisfies Record<string, State>;

export const RUN_STATES = {
  pending: { icon: IconClock, hue: null, word: 'Waiting' },
  in_progress: { icon: IconRefresh, hue: 'blue', word: 'Running' },
  completed: { icon: IconCheck, hue: null, word: 'Completed' },
  failed: { icon: IconAlertTriangle, hue: 'red', word: 'Failed' },
  cancelled: { icon: IconPlayerStop, hue: null, word: 'Cancelled' },
} as const satisfies Record<string, State>;

export const OVERALL_STATES = {
  healthy: { icon: IconCircleCheck, hue: 'green', word: 'Healthy' },
  degraded: { icon: IconAlertCircle, hue: 'amber', word: 'Degraded' },
  unhealthy: { icon: IconAlertTriangle, hue: 'red', word: 'Unhealthy' },
  unknown: { icon: IconCircleDashed, hue: null, word: 'No runs yet' },
} as const satisfies Record<string, State>;

/** Health of an opportunity, worst first; the rule's reason stands beside it. */
export const HEALTH_STATES = {
  blocked: { icon: IconHandStop, hue: 'red', word: 'Blocked' },
  red: { icon: IconFlag3, hue: 'red', word: 'At risk' },
  yellow: { icon: IconAlertCircle, hue: 'amber', word: 'Watch' },
  needs_update: { icon: IconClockEdit, hue: null, word: 'Needs update' },
  green: { icon: IconCheck, hue: null, word: 'Healthy' },
} as const satisfies Record<string, State>;
