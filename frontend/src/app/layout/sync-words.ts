/** The mirror's state in words, for the header. Pure: what has passed since the answer is handed in. */
import { formatAge, formatDuration, formatShare } from '@/lib/format';
import type { LiveState } from '@/lib/live';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Hue } from '@/theme/palette';

export type SyncWords = {
  kind:
    | 'loading'
    | 'offline'
    | 'not-connected'
    | 'never-synced'
    | 'syncing'
    | 'failing'
    | 'stale'
    | 'paused'
    | 'in-sync';
  hue: Hue | null;
  word: string;
  rest: string;
};

/**
 * Returns what the header says; `current` is undefined until the first answer. `waited` are the
 * seconds since that answer: by them its ages have grown.
 */
export function syncWords(
  current: CurrentStatus | undefined,
  live: LiveState,
  waited: number,
): SyncWords {
  if (live.retryAt !== null) {
    return { kind: 'offline', hue: 'amber', word: 'Offline', rest: 'trying again' };
  }
  if (current === undefined) return { kind: 'loading', hue: null, word: 'Loading…', rest: '' };
  const age = current.data_age === null ? null : formatDuration(current.data_age + waited);
  const old = age === null ? '' : `data ${age} old`;
  switch (current.condition) {
    case 'not_connected':
      return { kind: 'not-connected', hue: null, word: 'Not connected', rest: '' };
    case 'never_synced':
      return { kind: 'never-synced', hue: null, word: 'Not loaded yet', rest: '' };
    case 'syncing':
      return { kind: 'syncing', hue: 'blue', word: 'Syncing', rest: progressWords(current) };
    case 'failing':
      return { kind: 'failing', hue: 'red', word: 'Sync failing', rest: old };
    case 'stale':
      return { kind: 'stale', hue: 'amber', word: 'Stale', rest: old };
    case 'paused':
      return {
        kind: 'paused',
        hue: null,
        word: 'Paused',
        rest: current.mode === 'local_to_crm' ? 'nothing is read' : 'manual only',
      };
    case 'in_sync':
      return {
        kind: 'in-sync',
        hue: 'green',
        word: 'In sync',
        rest: current.data_age === null ? '' : formatAge(current.data_age + waited),
      };
  }
}

function progressWords({ running }: CurrentStatus): string {
  if (running === null) return '';
  if (running.is_stopping) return 'stopping';
  const percent = wholePercent(running.progress_percentage);
  const left =
    running.seconds_left === null ? null : `${formatDuration(running.seconds_left)} left`;
  return [percent, left].filter((part) => part !== null).join(', ');
}

/** `62%`: whole and cut, so that a run is never all done before it is; null while not known. */
export function wholePercent(percentage: number | null): string | null {
  return percentage === null ? null : formatShare(Math.floor(percentage) / 100, 0);
}
