/** The company of the pictures on Monday, 17 August 2026, 08:42 in Singapore, as the API tells it. */
import type { Schema } from '@/lib/api';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { http, server } from '@/testing/server';
import type { Movement } from '@/lib/queries/movement';
import type { Breakdown, Numbers, Trend } from '@/lib/queries/pipeline';
import type { NeedyDeal, NeedyDeals, RecentChange, Revenue, RevenueAtRisk } from './api/queries';

export const NOW = new Date('2026-08-17T00:42:00Z');

export const CURRENT: CurrentStatus = {
  condition: 'in_sync',
  is_syncing: false,
  session_id: null,
  status: 'completed',
  error_code: null,
  error_message: null,
  running: null,
  last_run: {
    session_id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11',
    sync_type: 'incremental',
    status: 'completed',
    requested_by: 'schedule',
    started_at: '2026-08-17T00:41:20Z',
    completed_at: '2026-08-17T00:41:21Z',
    duration_s: 0.9,
    records_processed: 18,
    records_changed: 18,
    api_calls_made: 2,
    credits_used: 2,
  },
  trouble: null,
  last_sync_at: '2026-08-17T00:41:21Z',
  total_records_synced: 48_210,
  new_records_today: 3,
  api_calls_today: 120,
  credits: {
    used: 310,
    limit: 70_000,
    remaining: 69_690,
    resets_gradually: true,
    scheduled_share: 0.8,
    scheduled_from: null,
  },
  data_at: '2026-08-17T00:41:20Z',
  data_age: 40,
  late_by: null,
  interval_minutes: 15,
  mode: 'bidirectional',
  next_sync_at: '2026-08-17T00:56:20Z',
  next_sync_in: 860,
  next_sync_hold: null,
  next_sync_reason: null,
  pending_changes: 4,
  oldest_pending_at: null,
  conflicts: 3,
};

export const FAILING: CurrentStatus = {
  ...CURRENT,
  condition: 'failing',
  status: 'failed',
  trouble: {
    since: '2026-08-16T22:28:00Z',
    code: 'sign_in_refused',
    title: 'Sign-in refused',
    detail: 'The refresh token was revoked (invalid_code).',
    fix: 'Connect again.',
  },
  last_sync_at: '2026-08-16T22:27:04Z',
  data_at: '2026-08-16T22:27:00Z',
  data_age: 8_100,
  next_sync_in: 660,
  pending_changes: 12,
};

export const UNCONNECTED: CurrentStatus = {
  ...CURRENT,
  condition: 'not_connected',
  status: 'never_synced',
  last_run: null,
  last_sync_at: null,
  data_at: null,
  data_age: null,
  next_sync_in: null,
  next_sync_hold: 'not_connected',
  pending_changes: 0,
  conflicts: 0,
};

const BASIS: Schema['Basis'] = {
  as_of: NOW.toISOString(),
  is_past: false,
  today: '2026-08-17',
  closing_from: '2026-07-01',
  closing_to: '2026-09-30',
  base_currency: 'SGD',
  home_currency: 'SGD',
  rates: [{ currency: 'USD', rate: '0.743', since: '2026-08-16' }],
  own_rate_deals: 0,
  rates_read_at: '2026-08-17T00:00:00Z',
  without_rate: [],
  conflicts: { deals: 0, value: 0 },
  history_began: '2026-01-01T00:00:00Z',
};
const COMPARISON: Schema['Comparison'] = {
  compared_with: '2026-08-10T00:42:00Z',
  is_cut: false,
  missing_because: null,
};

export const changed = (now: number, absolute: number, relative: number) => ({
  now,
  then: now - absolute,
  absolute,
  relative,
});

export const NUMBERS: Numbers = {
  basis: BASIS,
  comparison: COMPARISON,
  value: changed(48_615_240.5, 2_140_000, 0.046),
  deals: changed(214, 0, 0),
  average_size: changed(230_404.93, 3_696.44, 0.016),
  average_probability: changed(54.3, 0.6, 0.011),
  weighted: changed(26_989_605, -1_306_420, -0.051),
};

const at = (place: number, deals: number): Trend['points'][number] => ({
  at: `2026-08-1${place}T00:42:00Z`,
  deals,
  value: 46_000_000 + deals,
  average_size: 220_000,
  average_probability: 54,
  weighted: 26_000_000,
});

const TREND: Trend = {
  comparison: COMPARISON,
  points: [205, 206, 206, 208, 209, 211, 211, 214].map((deals, place) => at(place, deals)),
};

const bucket = (
  name: Schema['Bucket'],
  deals: number,
  value: number,
): Schema['MovementBucket'] => ({
  bucket: name,
  deals,
  value,
  without_value: 0,
  of_rates: 0,
  reasons: [],
});

export const MOVEMENT: Movement = {
  basis: BASIS,
  comparison: COMPARISON,
  start: { deals: 205, value: 46_475_240.5, without_value: 0 },
  end: { deals: 214, value: 48_615_240.5, without_value: 0 },
  buckets: [
    bucket('new', 18, 3_180_000),
    bucket('pulled_in', 0, 0),
    bucket('increased', 0, 0),
    bucket('decreased', 0, 0),
    bucket('pushed_out', 9, -1_040_000),
    bucket('won', 4, 0),
    bucket('lost', 0, 0),
  ],
  pending: 0,
};

const needy = (id: number, more: Partial<NeedyDeal> = {}): NeedyDeal => ({
  id: String(7_000 + id),
  name: `Needy deal ${id}`,
  account: 'Meridian General',
  owner: 'Marcus Tan',
  is_own: false,
  phase: 2,
  health: 'red',
  rule: 'proposal_without_po',
  reason: 'The proposal was sent 34 days ago and there is no PO. The limit is 30 days.',
  brief: 'Proposal out 34 d',
  next_step: 'Ask for the PO',
  signals: 1,
  value: 1_350_000,
  ...more,
});

export const ATTENTION: NeedyDeals = {
  basis: BASIS,
  count: 6,
  own: { owner: '21', deals: 1 },
  items: [
    needy(1, {
      name: 'Grid analytics',
      account: 'Kaveri Power Grid',
      owner: 'Edda Editor',
      is_own: true,
      health: 'blocked',
      rule: 'blocker_open',
      reason: 'Security review, open for 6 days.',
      next_step: 'Remove the blocker',
      signals: 2,
      value: 1_806_000,
    }),
    needy(2),
    needy(3),
    needy(4),
    needy(5, { health: 'yellow', value: null }),
    needy(6),
  ],
  undescribed_deals: 0,
};

export const RISK: RevenueAtRisk = {
  basis: BASIS,
  comparison: COMPARISON,
  deals: 23,
  value: 5_918_300,
  deals_then: 20,
  value_then: 5_307_100,
};

const month = (
  starts_on: string,
  ends_on: string,
  realised: number,
  weighted: number | null,
): Schema['RevenueMonth'] => ({
  starts_on,
  ends_on,
  realised: { deals: realised > 0 ? 4 : 0, value: realised },
  expected: weighted === null ? null : { deals: 9, value: 2 * weighted, weighted },
});

export const REVENUE: Revenue = {
  basis: BASIS,
  quarter: {
    quarter: '2026-Q3',
    starts_on: '2026-07-01',
    deals: 41,
    value: 6_284_917,
    this_week: 742_800,
  },
  months: [
    month('2026-05-01', '2026-05-31', 5_000_000, null),
    month('2026-06-01', '2026-06-30', 8_400_000, null),
    month('2026-07-01', '2026-07-31', 4_100_000, null),
    month('2026-08-01', '2026-08-31', 2_100_000, 4_000_000),
    month('2026-09-01', '2026-09-30', 0, 14_200_000),
    month('2026-10-01', '2026-10-31', 0, 9_600_000),
    month('2026-11-01', '2026-11-30', 0, 6_100_000),
  ],
};

const line = (
  label: string,
  deals: number,
  value: number,
  filter: string,
): Breakdown['rows'][number] => ({
  heading: { kind: 'value', key: label, label, filter, groups: 1 },
  deals,
  value,
  weighted: value / 2,
  weighted_percent: 50,
  figure: changed(value, 0, 0),
  cells: [],
});

const breakdown = (rows: Breakdown['rows']): Breakdown => ({
  basis: BASIS,
  comparison: COMPARISON,
  measure: 'value',
  closed: null,
  columns: [],
  rows,
  total: { ...line('Total', 214, 48_615_240.5, ''), cells: [] },
});

const BY_STAGE = breakdown([
  line('Needs analysis', 52, 10_128_281, 'stage=Needs+analysis'),
  line('Proposal', 162, 38_486_959.5, 'stage=Proposal%2FQuote'),
]);

const BY_COUNTRY = breakdown([
  line('Singapore', 62, 17_842_300, 'country=Singapore'),
  line('India', 58, 11_206_480, 'country=India'),
  line('Malaysia', 31, 6_914_760, 'country=Malaysia'),
  line('No country', 12, 5_000_000, 'country='),
  line('Japan', 9, 4_000_000, 'country=Japan'),
  line('Australia', 30, 2_537_650, 'country=Australia'),
  line('Vietnam', 12, 1_114_050.5, 'country=Vietnam'),
]);

export const change = (id: number, more: Partial<RecentChange> = {}): RecentChange => ({
  id: String(id),
  kind: 'changed',
  deal: { id: String(9_000 + id), name: `Deal number ${id}` },
  account: 'Kaveri Power Grid',
  at: '2026-08-17T00:41:00Z',
  arrived_at: '2026-08-17T00:41:20Z',
  side: 'crm',
  by: { id: '7', name: 'Nurul Aisyah' },
  changes: [
    {
      api_name: 'Amount',
      label: 'Amount',
      is_removed: false,
      old: { kind: 'money', amount: '17200000', currency: 'IDR' },
      new: { kind: 'money', amount: '19800000', currency: 'IDR' },
    },
    {
      api_name: 'Next_Step',
      label: 'Next step',
      is_removed: false,
      old: null,
      new: { kind: 'text', text: 'Call CFO' },
    },
  ],
  ...more,
});

const PULSE: Schema['Pulse'] = {
  since: '2026-08-16T00:42:00Z',
  until: NOW.toISOString(),
  runs: [],
  total_runs: 96,
  failed_runs: 1,
  records_changed: 1_204,
  last_failed_at: '2026-08-16T20:00:00Z',
  credits_used: 310,
};

type Answers = {
  current?: CurrentStatus;
  numbers?: Numbers;
  movement?: Movement;
  attention?: NeedyDeals;
  risk?: RevenueAtRisk;
  revenue?: Revenue;
  byStage?: Breakdown;
  changes?: () => readonly RecentChange[];
  /** What was asked of the figures, in order. */
  asked?: URL[];
};

/** Answers everything that the page asks. */
export function aMorning({
  current = CURRENT,
  numbers = NUMBERS,
  movement = MOVEMENT,
  attention = ATTENTION,
  risk = RISK,
  revenue = REVENUE,
  byStage = BY_STAGE,
  changes = () => [change(2), change(1)],
  asked = [],
}: Answers = {}): void {
  const note = (request: Request): void => {
    asked.push(new URL(request.url));
  };
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) => response(200).json(current)),
    http.get('/api/analysis/numbers', ({ request, response }) => {
      note(request);
      return response(200).json(numbers);
    }),
    http.get('/api/analysis/trend', ({ response }) => response(200).json(TREND)),
    http.get('/api/analysis/movement', ({ request, response }) => {
      note(request);
      return response(200).json(movement);
    }),
    http.get('/api/analysis/breakdown', ({ request, response }) => {
      note(request);
      const rows = new URL(request.url).searchParams.get('rows');
      return response(200).json(rows === 'stage' ? byStage : BY_COUNTRY);
    }),
    http.get('/api/dashboard/attention', ({ request, response }) => {
      note(request);
      return response(200).json(attention);
    }),
    http.get('/api/dashboard/risk', ({ request, response }) => {
      note(request);
      return response(200).json(risk);
    }),
    http.get('/api/dashboard/revenue', ({ request, response }) => {
      note(request);
      return response(200).json(revenue);
    }),
    http.get('/api/changes/recent', ({ response }) =>
      response(200).json({ items: [...changes()], before: null, has_more: false }),
    ),
    http.get('/api/sync-status/pulse', ({ response }) => response(200).json(PULSE)),
  );
}
