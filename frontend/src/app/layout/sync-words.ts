/** The mirror's state in words, for the header. Pure: the moment is handed in. */
import { formatDuration, formatMoment } from '@/lib/format';
import type { LiveState } from '@/lib/live';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Hue } from '@/theme/palette';

export type SyncWords = {
  kind:
    | 'loading'
    | 'offline'
    | 'not-connected'
    | 'syncing'
    | 'failing'
    | 'stale'
    | 'paused'
    | 'in-sync';
  hue: Hue | null;
  word: string;
  rest: string;
};

/** Returns what the header says; `current` is undefined until the first answer. */
export function syncWords(
  current: CurrentStatus | undefined,
  live: LiveState,
  now: Date,
): SyncWords {
  if (live.retryAt !== null) {
    return { kind: 'offline', hue: 'amber', word: 'Offline', rest: 'trying again' };
  }
  if (current === undefined) return { kind: 'loading', hue: null, word: 'Loading…', rest: '' };
  const age = current.data_age === null ? '' : `data ${formatDuration(current.data_age)} old`;
  if (current.is_syncing) return { kind: 'syncing', hue: 'blue', word: 'Syncing', rest: '' };
  if (current.status === 'failed') {
    return { kind: 'failing', hue: 'red', word: 'Sync failing', rest: age };
  }
  if (current.last_sync_at === null) {
    return { kind: 'not-connected', hue: null, word: 'Not connected', rest: '' };
  }
  return {
    kind: 'in-sync',
    hue: 'green',
    word: 'In sync',
    rest: formatMoment(new Date(current.last_sync_at), now),
  };
}
