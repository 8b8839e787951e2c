/** Where the mirror stands, as the server tells it in tests: in order, or at 62.2 % of a full sync. */
import type { CurrentStatus } from '@/lib/queries/sync-state';

export const RUN_ID = '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11';
const LAST_ID = '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b10';

type Running = NonNullable<CurrentStatus['running']>;
type Ended = NonNullable<CurrentStatus['last_run']>;

export function currentStatus(change: Partial<CurrentStatus> = {}): CurrentStatus {
  return {
    condition: 'in_sync',
    is_syncing: false,
    session_id: null,
    status: 'completed',
    error_code: null,
    error_message: null,
    running: null,
    last_run: endedSync(),
    trouble: null,
    last_sync_at: '2026-08-17T00:41:58Z',
    total_records_synced: 48_210,
    new_records_today: 31,
    api_calls_today: 640,
    credits: {
      used: 3_184,
      limit: 92_000,
      remaining: 88_816,
      resets_gradually: true,
      scheduled_share: 0.6,
      scheduled_from: null,
    },
    data_at: '2026-08-17T00:41:57Z',
    data_age: 40,
    late_by: null,
    interval_minutes: 15,
    mode: 'bidirectional',
    next_sync_at: '2026-08-17T00:56:58Z',
    next_sync_in: 860,
    next_sync_hold: null,
    next_sync_reason: null,
    pending_changes: 0,
    oldest_pending_at: null,
    conflicts: 0,
    ...change,
  };
}

export function endedSync(change: Partial<Ended> = {}): Ended {
  return {
    session_id: LAST_ID,
    sync_type: 'incremental',
    status: 'completed',
    requested_by: 'schedule',
    started_at: '2026-08-17T00:41:57.100Z',
    completed_at: '2026-08-17T00:41:58Z',
    duration_s: 0.9,
    records_processed: 212,
    records_changed: 18,
    api_calls_made: 2,
    credits_used: 2,
    ...change,
  };
}

export function runningSync(change: Partial<Running> = {}): Running {
  return {
    session_id: RUN_ID,
    sync_type: 'full_sync',
    status: 'in_progress',
    requested_by: 'Priya Raghunathan',
    started_at: '2026-08-17T00:42:01Z',
    records_processed: 30_026,
    records_total: 48_210,
    progress_percentage: 62.2,
    rate: 4_060,
    seconds_left: 5,
    is_stopping: false,
    ...change,
  };
}

/** The mirror while a full sync is on. */
export const syncing = (change: Partial<Running> = {}): CurrentStatus =>
  currentStatus({
    condition: 'syncing',
    is_syncing: true,
    session_id: RUN_ID,
    status: 'in_progress',
    running: runningSync(change),
    next_sync_hold: 'running',
    next_sync_reason: 'A sync is running; the next is timed from its start.',
  });
