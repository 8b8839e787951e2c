/** The mirror's state in the words of the panel. `waited`: seconds since the server said so. */
import {
  counted,
  formatClockSeconds,
  formatDuration,
  formatWhen,
  formatWhole,
  NONE,
} from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Hue } from '@/theme/palette';

export type StateWord = { word: string; hue: Hue | null };

const STATES: Record<CurrentStatus['condition'], StateWord> = {
  not_connected: { word: 'Not connected', hue: null },
  never_synced: { word: 'Not loaded yet', hue: null },
  syncing: { word: 'Syncing', hue: 'blue' },
  failing: { word: 'Failing', hue: 'red' },
  paused: { word: 'Paused', hue: null },
  stale: { word: 'Stale', hue: 'amber' },
  in_sync: { word: 'In sync', hue: null },
};

export const stateWord = ({ condition }: CurrentStatus): StateWord => STATES[condition];

/** `08:41:58 · 18 deals changed`. */
export function lastWords(current: CurrentStatus, now: Date): string {
  if (current.last_sync_at === null) return 'Never';
  const at = new Date(current.last_sync_at);
  const time =
    at.toDateString() === now.toDateString() ? formatClockSeconds(at) : formatWhen(at, now);
  const run = current.last_run;
  return run?.status === 'completed' && current.condition !== 'failing'
    ? `${time} · ${counted(run.records_changed, 'deal')} changed`
    : time;
}

/** `40 s old`. */
export const dataWords = ({ data_age: age }: CurrentStatus, waited: number): string =>
  age === null ? NONE : `${formatDuration(Math.floor(age + waited)).replace('.0 s', ' s')} old`;

/** `in 14 min 20 s`; else why none is due. */
export function nextWords(current: CurrentStatus, waited: number): string {
  if (current.is_syncing) return 'running now';
  if (current.next_sync_in === null) {
    return current.next_sync_hold === null ? NONE : HOLDS[current.next_sync_hold];
  }
  const wait = Math.floor(current.next_sync_in - waited);
  return wait <= 0 ? 'due now' : `in ${formatDuration(wait).replace('.0 s', ' s')}`;
}

const HOLDS: Record<NonNullable<CurrentStatus['next_sync_hold']>, string> = {
  manual_only: 'By hand only',
  pulls_paused: 'Paused by the mode',
  not_connected: NONE,
  sign_in_refused: 'Once signed in again',
  full_sync_needed: 'After a full sync',
  budget_spent: 'Once credits come back',
  running: 'After this run',
};

/** `4 waiting for sync`. */
export function pendingWords({ pending_changes: pending, condition }: CurrentStatus): string {
  if (pending === 0) return 'None';
  return condition === 'failing'
    ? `${formatWhole(pending)}, kept safe`
    : `${formatWhole(pending)} waiting for sync`;
}

/** `3 need a decision`. */
export function conflictWords({ conflicts }: CurrentStatus): string {
  if (conflicts === 0) return 'None';
  return `${formatWhole(conflicts)} ${conflicts === 1 ? 'needs' : 'need'} a decision`;
}
