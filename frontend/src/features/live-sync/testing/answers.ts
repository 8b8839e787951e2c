/** Answers of the server for tests: a full sync at 62.2 %, and what another one would cost. */
import { RUN_ID } from '@/testing/sync-state';
import type { LoadPreview, SessionDetail, SourceOption } from '../api/queries';

const COQL: SourceOption = {
  source: 'coql',
  slices: 2,
  calls: 25,
  credits: 75,
  seconds: 13,
  reason: '48,210 records: it costs the fewest credits',
};
const PAGES: SourceOption = {
  source: 'pages',
  slices: 1,
  calls: 242,
  credits: 242,
  seconds: 160,
  reason: '242 pages of 200, one after the other: 167 credits more',
};

export function sessionDetail(change: Partial<SessionDetail['session']> = {}): SessionDetail {
  return {
    session: {
      id: RUN_ID,
      module: 'Deals',
      sync_type: 'full_sync',
      status: 'in_progress',
      started_at: '2026-08-17T00:42:01Z',
      completed_at: null,
      progress_percentage: 62.2,
      records_processed: 30_026,
      records_total: 48_210,
      records_changed: 12,
      api_calls_made: 25,
      credits_used: 59,
      rate: 4_060,
      seconds_left: 5,
      plan: { ...COQL, rejected: [PAGES] },
      requested_by: 'Priya Raghunathan',
      resumed_from: null,
      cancel_requested_at: null,
      error_code: null,
      error_message: null,
      ...change,
    },
    slices: [
      { key: 'slice 1', loaded: 24_105, total: 24_105, is_done: true },
      { key: 'slice 2', loaded: 24_104, total: 24_105, is_done: false },
    ],
    rate_over_time: {
      window_s: 1,
      samples: [
        { at_s: 1, rate: 2_000 },
        { at_s: 2, rate: 5_800 },
      ],
      waits: [{ at_s: 1.5, wait_s: 1.2, http_status: 429, step: 'slice 2' }],
    },
    recent_activity: [
      {
        timestamp: '2026-08-17T00:42:08.910Z',
        step: 'slice 1',
        status: 'in_progress',
        message: 'Done, 24,105 loaded',
        record_count: 2_000,
      },
      {
        timestamp: '2026-08-17T00:42:07.800Z',
        step: 'slice 2',
        status: 'waited',
        message: 'CRM answered 429. Waiting 1.2 s, then asking again',
        record_count: null,
      },
    ],
  };
}

export function loadPreview(change: Partial<LoadPreview> = {}): LoadPreview {
  return {
    sync_type: 'full_sync',
    records: 48_210,
    counted_by: 'mirror',
    chosen: COQL,
    rejected: [PAGES],
    is_affordable: true,
    credits: {
      used_before: 3_184,
      used_after: 3_259,
      limit: 92_000,
      remaining_after: 88_741,
      scheduled_share: 0.6,
    },
    resumes: null,
    spent_by_preview: { calls: 0, credits: 0 },
    ...change,
  };
}
