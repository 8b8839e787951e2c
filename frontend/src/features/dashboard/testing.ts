/** The company of the pictures on Monday, 17 August 2026, 08:42 in Singapore, as the API tells it. */
import type { Schema } from '@/lib/api';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { http, server } from '@/testing/server';
import type { Dashboard, RecentChange } from './api/queries';

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

export const DASHBOARD: Dashboard = {
  as_of: NOW.toISOString(),
  today: '2026-08-17',
  base_currency: 'SGD',
  rates_read_at: '2026-08-17T00:00:00Z',
  open: {
    rule: 'forecast',
    stages: ['Needs analysis', 'Proposal/Quote'],
    probability_from: null,
    probability_to: null,
    undescribed_deals: 0,
  },
  total: { deals: 214, value: 48_615_240.5, weighted: 26_989_605 },
  overdue: { deals: 6, value: 1_806_000, weighted: 903_000 },
  without_rate: [],
  change: {
    since: '2026-08-10T00:42:00Z',
    is_cut: false,
    deals: { absolute: 0, relative: 0 },
    value: { absolute: 2_140_000, relative: 0.046 },
    weighted: { absolute: -1_306_420, relative: -0.051 },
    new_deals: 18,
    won_deals: 4,
    lost_deals: 0,
    postponed_deals: 9,
  },
  realised: {
    quarter: 3,
    year: 2026,
    starts_on: '2026-07-01',
    deals: 41,
    value: 6_284_917,
    last_7_days: 742_800,
    without_rate: 0,
  },
  by_stage: [
    {
      stage: 'Needs analysis',
      label: 'Needs analysis',
      probability: 20,
      deals: 52,
      value: 10_128_281,
      weighted: 2_025_656,
    },
    {
      stage: 'Proposal/Quote',
      label: 'Proposal',
      probability: 75,
      deals: 162,
      value: 38_486_959.5,
      weighted: 24_963_949,
    },
  ],
  by_country: [
    { country: 'Singapore', deals: 62, value: 17_842_300, weighted: 9_000_000 },
    { country: null, deals: 2, value: 12_000, weighted: 6_000 },
  ],
  other_countries: { countries: 3, deals: 28, value: 4_537_650, weighted: 2_000_000 },
};

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
  dashboard?: Dashboard;
  changes?: () => readonly RecentChange[];
};

/** Answers everything that the page asks. */
export function aMorning({
  current = CURRENT,
  dashboard = DASHBOARD,
  changes = () => [change(2), change(1)],
}: Answers = {}): void {
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) => response(200).json(current)),
    http.get('/api/dashboard', ({ response }) => response(200).json(dashboard)),
    http.get('/api/changes/recent', ({ response }) =>
      response(200).json({ items: [...changes()], before: null, has_more: false }),
    ),
    http.get('/api/sync-status/pulse', ({ response }) => response(200).json(PULSE)),
  );
}
