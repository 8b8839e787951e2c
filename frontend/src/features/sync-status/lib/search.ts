/** What is shown is in the URL: range, tab, filters, the run and the records that are open. */
import { useSearchParams } from 'react-router';
import type { Schema } from '@/lib/api';

export type Range = Schema['HealthRange'];
type Tab = 'overview' | 'conflicts' | 'history' | 'performance';
export type RecordsShown = 'all' | Schema['OpenStatus'];
export type HistoryFilter = {
  status: readonly Schema['SessionStatus'][];
  kind: readonly Schema['SyncType'][];
  trigger: readonly Schema['Trigger'][];
};

export const PAGE_ROWS = 50;

const HOUR_MS = 3_600_000;
export const LENGTH_MS: Record<Range, number> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

const RANGES = ['1h', '24h', '7d', '30d'] as const satisfies readonly Range[];
const TABS = ['overview', 'conflicts', 'history', 'performance'] as const satisfies readonly Tab[];
const RECORDS = ['all', 'pending', 'conflict', 'error'] as const satisfies readonly RecordsShown[];
const STATUSES = [
  'completed',
  'failed',
  'cancelled',
  'in_progress',
  'pending',
] as const satisfies readonly Schema['SessionStatus'][];
const KINDS = [
  'incremental',
  'full_sync',
  'reconcile',
  'webhook',
  'manual',
  'small_batch',
  'mass_update',
  'bulk_write',
] as const satisfies readonly Schema['SyncType'][];
const TRIGGERS = [
  'schedule',
  'person',
  'webhook',
  'command_line',
  'api',
] as const satisfies readonly Schema['Trigger'][];

export const CHOICES = { status: STATUSES, kind: KINDS, trigger: TRIGGERS } as const;

type Changes = Readonly<Record<string, string | readonly string[] | null>>;

/** Returns the one of `allowed` that the URL names, else what holds without it. */
function one<T extends string, D>(allowed: readonly T[], said: string | null, otherwise: D): T | D {
  return allowed.find((each) => each === said) ?? otherwise;
}

function some<T extends string>(allowed: readonly T[], said: readonly string[]): T[] {
  return allowed.filter((each) => said.includes(each));
}

/** Returns the URL's query with changes; null and empty lists take a name out. */
function changed(params: URLSearchParams, changes: Changes): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const each of typeof value === 'string' ? [value] : (value ?? [])) next.append(name, each);
  }
  return next;
}

export function useSearch() {
  const [params, setParams] = useSearchParams();
  const pageNumber = Number(params.get('page'));
  return {
    range: one(RANGES, params.get('range'), '24h'),
    tab: one(TABS, params.get('tab'), 'overview'),
    run: params.get('run'),
    /** Of the tab Conflicts: which record, and whether it shows those that are skipped. */
    record: params.get('record'),
    skipped: params.get('skipped') === '1',
    records: one(RECORDS, params.get('records'), null),
    filter: {
      status: some(STATUSES, params.getAll('status')),
      kind: some(KINDS, params.getAll('kind')),
      trigger: some(TRIGGERS, params.getAll('trigger')),
    } satisfies HistoryFilter,
    page: Number.isInteger(pageNumber) && pageNumber > 0 ? pageNumber : 1,
    /** Address of the same page with changes. */
    to: (changes: Changes): string => `?${changed(params, changes).toString()}`,
    go: (changes: Changes): void => {
      setParams((now) => changed(now, changes), { preventScrollReset: true });
    },
  };
}

export type Search = ReturnType<typeof useSearch>;
