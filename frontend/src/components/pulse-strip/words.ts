/** A pulse and its runs in words: for the tip, and for those who do not see the bars. */
import type { Schema } from '@/lib/api';
import { counted, formatClock, formatClockSeconds, formatWhen, formatWhole } from '@/lib/format';
import { type Bar, scaleOf } from './layout';

type Pulse = Schema['Pulse'];
type Run = Schema['PulseRun'];

const HOUR_MS = 3_600_000;

/** "the last hour", "the last 24 hours", "the last 7 days". */
function spanOf({ since, until }: Pick<Pulse, 'since' | 'until'>): string {
  const hours = Math.round((Date.parse(until) - Date.parse(since)) / HOUR_MS);
  if (hours === 1) return 'the last hour';
  return hours <= 24 ? `the last ${hours} hours` : `the last ${hours / 24} days`;
}

/** What the bars' height tells: deals, or records where other modules ran as well. */
function nounOf(pulse: Pulse): 'deal' | 'record' {
  return pulse.runs.every(({ module }) => module === 'Deals') ? 'deal' : 'record';
}

/** "bar height: deals changed", and that the scale is not even where it is not. */
export function heightOf(pulse: Pulse): string {
  const scale = scaleOf(pulse).isLogarithmic ? ', logarithmic' : '';
  return `bar height: ${nounOf(pulse)}s changed${scale}`;
}

/** "96 runs, 1,204 changes, 1 failed". */
export function totalsOf(pulse: Pulse): string {
  const parts = [counted(pulse.total_runs, 'run'), counted(pulse.records_changed, 'change')];
  if (pulse.failed_runs > 0) parts.push(`${formatWhole(pulse.failed_runs)} failed`);
  return parts.join(', ');
}

/** The whole pulse in a sentence: its conclusion. */
export function summaryOf(pulse: Pulse, now: Date): string {
  if (pulse.total_runs === 0) return `No sync has run in ${spanOf(pulse)}.`;
  const failed =
    pulse.last_failed_at == null
      ? 'none failed'
      : `${formatWhole(pulse.failed_runs)} failed, the last at ${formatWhen(new Date(pulse.last_failed_at), now)}`;
  const changed = counted(pulse.records_changed, nounOf(pulse));
  return `${counted(pulse.total_runs, 'sync run')} in ${spanOf(pulse)}: ${failed}, ${changed} changed.`;
}

const noun = ({ module }: Run): string =>
  module === 'Deals' ? 'deal' : module === 'Accounts' ? 'account' : 'record';

/** What the tip tells of a bar: its time, its result, what it cost. */
export function linesOf({ run, others }: Bar, now: Date): string[] {
  const at = new Date(run.started_at ?? run.created_at);
  const isToday = at.toDateString() === now.toDateString();
  const lines = [
    isToday
      ? formatClockSeconds(at)
      : formatWhen(at, now).replace(formatClock(at), formatClockSeconds(at)),
    `${RESULT[run.status]}${counted(run.records_changed, noun(run))} changed, ${counted(run.credits_used, 'credit')}`,
  ];
  if (others > 0) lines.push(`and ${counted(others, 'more run')} about then`);
  return lines;
}

const RESULT: Record<Run['status'], string> = {
  pending: 'Waiting: ',
  in_progress: 'Running: ',
  completed: '',
  failed: 'Failed: ',
  cancelled: 'Cancelled: ',
};
