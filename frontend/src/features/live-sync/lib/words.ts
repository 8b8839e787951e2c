/** The sentences of Live Sync Control. Pure: what is known goes in, words come out. */
import { counted, formatAge, formatDuration, formatWhole } from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Hue } from '@/theme/palette';
import type { PullKind, SourceOption } from '../api/queries';

type SyncType = NonNullable<CurrentStatus['last_run']>['sync_type'];

const KINDS: Partial<Record<SyncType, string>> = {
  full_sync: 'Full sync',
  incremental: 'Quick sync',
  reconcile: 'Drift check',
};

/** `Full sync`: what a run is called. */
export const kindOf = (type: SyncType): string => KINDS[type] ?? 'Sync';

/** The way to start a run of this type again. */
export function pullOf(type: SyncType): PullKind {
  if (type === 'full_sync') return 'full';
  return type === 'reconcile' ? 'reconcile' : 'incremental';
}

/** `by Priya Raghunathan`, `by schedule`. */
export const askedBy = (name: string): string =>
  name === 'cli' ? 'from the command line' : `by ${name}`;

const STATES: Record<CurrentStatus['condition'], { word: string; hue?: Hue }> = {
  not_connected: { word: 'Not connected' },
  never_synced: { word: 'Not loaded yet' },
  syncing: { word: 'Syncing', hue: 'blue' },
  failing: { word: 'Failing', hue: 'red' },
  paused: { word: 'Paused' },
  stale: { word: 'Stale', hue: 'amber' },
  in_sync: { word: 'In sync' },
};

export const stateOf = (current: CurrentStatus): { word: string; hue?: Hue } =>
  STATES[current.condition];

/** Deals in a sentence: the words that a run of few or many uses. */
export const deals = (count: number): string => counted(count, 'deal');

/**
 * The page's first line: what is the case. `waited` are the seconds since the server said so, by
 * which ages have grown and waits have shrunk.
 */
export function ledeOf(current: CurrentStatus, waited: number): string {
  const age = formatDuration((current.data_age ?? 0) + waited);
  switch (current.condition) {
    case 'not_connected':
      return 'No CRM is connected, so there is nothing to sync.';
    case 'syncing':
      return current.running === null ? 'A sync is running.' : runningWords(current.running);
    case 'failing':
      return current.data_age === null
        ? 'The first sync has failed. Nothing is mirrored yet.'
        : `Syncs are failing. You read data that is ${age} old.`;
    case 'never_synced':
      return 'Deals have never been loaded. A full sync reads all of them.';
    case 'paused':
      return current.mode === 'local_to_crm'
        ? `Nothing is read from the CRM in this mode. Data is ${age} old.`
        : `Syncs start by hand only. Data is ${age} old.`;
    case 'stale':
      return `Data is ${age} old. The next sync is late by ${formatDuration((current.late_by ?? 0) + waited)}.`;
    case 'in_sync':
      return `In sync. ${lastRunWords(current, waited)}${nextWords(current, waited)}`;
  }
}

function runningWords({
  sync_type: type,
  status,
  is_stopping: isStopping,
}: NonNullable<CurrentStatus['running']>): string {
  const kind = kindOf(type).toLowerCase();
  if (isStopping) return `The ${kind} is stopping. What is loaded stays.`;
  if (status === 'pending') return `A ${kind} waits for a worker.`;
  return `A ${kind} is running. Deals stay readable while it runs.`;
}

function lastRunWords(current: CurrentStatus, waited: number): string {
  const age = formatAge((current.data_age ?? 0) + waited);
  if (current.last_run?.status !== 'completed') return `The last good run was ${age}.`;
  const changed = current.last_run.records_changed;
  return changed === 0
    ? `Nothing changed in the last run, ${age}.`
    : `${deals(changed)} changed in the last run, ${age}.`;
}

function nextWords(current: CurrentStatus, waited: number): string {
  if (current.next_sync_in === null) return '';
  const wait = current.next_sync_in - waited;
  return wait <= 0 ? ' The next one is due.' : ` The next one is in ${formatDuration(wait)}.`;
}

/** `COQL, 8 parallel slices`. */
export function sourceWords({ source, slices }: Pick<SourceOption, 'source' | 'slices'>): string {
  switch (source) {
    case 'coql':
      return slices === 1 ? 'COQL, 1 slice' : `COQL, ${formatWhole(slices)} parallel slices`;
    case 'bulk_read':
      return `Bulk Read, ${counted(slices, 'job')}`;
    case 'pages':
      return 'Get Records, page by page';
  }
}

const SHORT: Record<SourceOption['source'], string> = {
  coql: 'COQL',
  bulk_read: 'Bulk Read',
  pages: 'Get Records',
};

/** Why the chosen source was: what the best of the others would have cost beside it. */
export function whyChosen(chosen: SourceOption, others: readonly SourceOption[]): string {
  const [next] = [...others].sort((a, b) => a.credits - b.credits || a.seconds - b.seconds);
  if (next === undefined) return 'There was no other source to choose from.';
  const credits = next.credits - chosen.credits;
  const seconds = next.seconds - chosen.seconds;
  const name = SHORT[next.source];
  if (credits < 0) {
    return `It was asked for. ${name} would cost ${counted(-credits, 'credit')} less.`;
  }
  const time =
    Math.abs(seconds) < 0.1
      ? 'and take as long'
      : `and take about ${formatDuration(Math.abs(seconds))} ${seconds > 0 ? 'longer' : 'less'}`;
  return credits === 0
    ? `${name} would cost the same ${time}.`
    : `The fewest credits win. ${name} would cost ${formatWhole(credits)} more ${time}.`;
}

/** `Slice 3` for the key `slice 3`. */
export const stepWords = (step: string | null): string =>
  step === null ? '' : step.charAt(0).toUpperCase() + step.slice(1);
