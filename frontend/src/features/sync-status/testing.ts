/** A day of syncing as the API tells it, for the tests of this feature. */
import { within } from '@testing-library/react';
import type { Schema } from '@/lib/api';
import { http, server } from '@/testing/server';
import { currentStatus } from '@/testing/sync-state';

type Run = Schema['SessionSummary'];

export const NOW = new Date('2026-08-17T00:42:00Z');

export const RUN: Run = {
  id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11',
  module: 'Deals',
  sync_type: 'incremental',
  status: 'completed',
  requested_by: 'schedule',
  trigger: 'schedule',
  created_at: '2026-08-17T00:26:58Z',
  started_at: '2026-08-17T00:26:58.400Z',
  completed_at: '2026-08-17T00:26:59.300Z',
  duration_s: 0.9,
  records_processed: 188,
  records_total: 188,
  records_changed: 11,
  api_calls_made: 3,
  credits_used: 4,
  error_code: null,
  error_message: null,
};

export const FAILED_RUN: Run = {
  ...RUN,
  id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b12',
  status: 'failed',
  records_processed: 0,
  records_changed: 0,
  duration_s: 31,
  error_code: 'crm_unavailable',
  error_message: 'The CRM answered 503 five times. It is tried again at the next interval.',
};

export const HEALTH: Schema['Health'] = {
  since: '2026-08-16T00:42:00Z',
  until: '2026-08-17T00:42:00Z',
  overall_health: 'healthy',
  success_rate: 95 / 96,
  sync_statistics: {
    total_sessions: 96,
    successful_sessions: 95,
    failed_sessions: 1,
    avg_sync_time: 0.9,
    records_per_minute: 12_000,
    api_efficiency: 62,
  },
  record_status: {
    total_count: 48_210,
    synced_count: 48_201,
    pending_count: 4,
    conflict_count: 3,
    error_count: 2,
    oldest_pending_at: '2026-08-17T00:38:10Z',
    oldest_conflict_at: '2026-08-16T21:42:00Z',
    oldest_error_at: '2026-08-16T21:40:00Z',
  },
  api_usage: {
    calls: 288,
    credits: 288,
    failures: 5,
    error_rate: 5 / 288,
    by_operation: [],
    used_24h: 3_184,
    limit_24h: 92_000,
    remaining_24h: 88_816,
  },
  recent_sessions: [RUN, FAILED_RUN],
};

export const EMPTY_HEALTH: Schema['Health'] = {
  ...HEALTH,
  overall_health: 'unknown',
  success_rate: 'unknown',
  sync_statistics: {
    total_sessions: 0,
    successful_sessions: 0,
    failed_sessions: 0,
    avg_sync_time: null,
    records_per_minute: null,
    api_efficiency: null,
  },
  record_status: {
    total_count: 0,
    synced_count: 0,
    pending_count: 0,
    conflict_count: 0,
    error_count: 0,
    oldest_pending_at: null,
    oldest_conflict_at: null,
    oldest_error_at: null,
  },
  recent_sessions: [],
};

const PULSE: Schema['Pulse'] = {
  since: HEALTH.since,
  until: HEALTH.until,
  total_runs: 96,
  failed_runs: 1,
  last_failed_at: '2026-08-16T16:11:56Z',
  records_changed: 1_204,
  credits_used: 288,
  runs: [
    { ...RUN, stands_for: 1 },
    { ...FAILED_RUN, created_at: '2026-08-16T16:11:56Z', stands_for: 1 },
  ],
};

const APART: Schema['RecordOutOfSync'] = {
  record_id: '554023000000235001',
  name: 'Dealer analytics',
  status: 'error',
  presence: 'invisible',
  reason: 'The CRM no longer shows this record to the connected user.',
  since: '2026-08-16T21:40:00Z',
};

export const RUN_IN_FULL: Schema['SessionHistory'] = {
  session: { ...RUN, sync_type: 'full_sync', requested_by: 'Mei Tan', trigger: 'person' },
  timeline: [
    { at: '2026-08-17T00:26:58.000Z', event: 'requested' },
    { at: '2026-08-17T00:26:58.400Z', event: 'started' },
    { at: '2026-08-17T00:26:59.300Z', event: 'completed' },
  ],
  changes: { created: 3, changed: 7, restored: 0, deleted: 1, hidden: 0, touched: 2, same: 175 },
  error: null,
  plan: {
    source: 'coql',
    slices: 8,
    calls: 25,
    credits: 75,
    seconds: 11.8,
    reason: 'Fewest seconds within the budget.',
    rejected: [
      { source: 'pages', slices: 1, calls: 242, credits: 242, seconds: 52, reason: 'Dearer.' },
    ],
  },
  metadata: {},
  log: [
    {
      timestamp: '2026-08-17T00:26:58.400Z',
      status: 'in_progress',
      message: 'Started.',
      record_count: null,
      api_response: null,
    },
  ],
  log_is_cut: false,
  credit_use: [
    { operation: 'coql.query', calls: 25, credits: 75, failures: 1, avg_latency_ms: 512 },
    { operation: 'records.deleted', calls: 2, credits: 2, failures: 0, avg_latency_ms: 1_200 },
  ],
};

export const NOTHING: Schema['PerformanceFigures'] = {
  runs: 0,
  completed: 0,
  failed: 0,
  avg_sync_time: null,
  records_per_minute: null,
  api_efficiency: null,
  calls: 0,
  failed_calls: 0,
  error_rate: null,
  avg_latency_ms: null,
  credits: 0,
};

/** Three parts, the middle one without a run. */
export const PERFORMANCE: Schema['Performance'] = {
  range: '24h',
  part_seconds: 28_800,
  total: {
    runs: 8,
    completed: 7,
    failed: 1,
    avg_sync_time: 1.04,
    records_per_minute: 12_000,
    api_efficiency: 62,
    calls: 22,
    failed_calls: 1,
    error_rate: 1 / 22,
    avg_latency_ms: 150,
    credits: 44,
  },
  parts: [
    {
      since: '2026-08-16T00:42:00Z',
      until: '2026-08-16T08:42:00Z',
      runs: 4,
      completed: 4,
      failed: 0,
      avg_sync_time: 0.9,
      records_per_minute: 15_000,
      api_efficiency: 66,
      calls: 12,
      failed_calls: 0,
      error_rate: 0,
      avg_latency_ms: 140,
      credits: 24,
      credits_24h: 3_100,
    },
    {
      ...NOTHING,
      since: '2026-08-16T08:42:00Z',
      until: '2026-08-16T16:42:00Z',
      credits_24h: 3_000,
    },
    {
      since: '2026-08-16T16:42:00Z',
      until: '2026-08-17T00:42:00Z',
      runs: 4,
      completed: 3,
      failed: 1,
      avg_sync_time: 1.2,
      records_per_minute: 9_000,
      api_efficiency: 58.42,
      calls: 10,
      failed_calls: 1,
      error_rate: 0.1,
      avg_latency_ms: 160,
      credits: 20,
      credits_24h: 3_184,
    },
  ],
  used_24h: 3_184,
  limit_24h: 92_000,
  remaining_24h: 88_816,
};

export const page = <T>(items: T[], count = items.length) => ({
  count,
  items,
  limit: 50,
  offset: 0,
  has_more: count > items.length,
});

/** Answers what the Overview asks; of the records in conflict, `skipped` were left for later. */
export function aHealthyDay(health: Schema['Health'] = HEALTH, { skipped = 0 } = {}): void {
  const apart = health.record_status.error_count > 0 ? [APART] : [];
  server.use(
    http.get('/api/sync-status/health', ({ response }) => response(200).json(health)),
    http.get('/api/live-sync/status/current', ({ response }) =>
      response(200).json(
        currentStatus({ conflicts: health.record_status.conflict_count - skipped }),
      ),
    ),
    http.get('/api/sync-status/pulse', ({ response }) =>
      response(200).json(
        health.sync_statistics.total_sessions > 0
          ? PULSE
          : { ...PULSE, total_runs: 0, failed_runs: 0, last_failed_at: null, runs: [] },
      ),
    ),
    http.get('/api/sync-status/records/out-of-sync', ({ response }) =>
      response(200).json(page(apart, apart.length && 9)),
    ),
  );
}

export const cells = (row: HTMLElement): (string | null)[] =>
  within(row)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

export const problem = (status: number, code: string, detail: string): Schema['Problem'] => ({
  type: `urn:pulse:problem:${code}`,
  title: code,
  status,
  detail,
  code,
  fix: null,
  errors: null,
});

export const DATABASE_AWAY = problem(
  503,
  'database_unavailable',
  'The database did not answer within 10 s.',
);

/** A page of runs; `ended` counts all of the range by how they ended. */
export const history = (runs: Run[], ended: { completed?: number; failed?: number } = {}) => {
  const { completed = runs.length, failed = 0 } = ended;
  return {
    ...page(runs, completed + failed),
    by_status: { pending: 0, in_progress: 0, completed, failed, cancelled: 0 },
  };
};

export function givePerformance(told: Schema['Performance']): void {
  server.use(http.get('/api/sync-status/performance', ({ response }) => response(200).json(told)));
}

export function giveRun(run: Schema['SessionHistory']): void {
  server.use(
    http.get('/api/sync-status/history/{session_id}', ({ response }) => response(200).json(run)),
  );
}
