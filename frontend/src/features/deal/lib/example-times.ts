/** How long deals usually stay in a stage, as the server tells it, for tests. */
import type { Schema } from '@/lib/api';

const NOTHING = {
  entered: 0,
  forward: 0,
  won: 0,
  lost: 0,
  back: 0,
  elsewhere: 0,
  deleted: 0,
  still_there: 0,
  to_next: null,
  to_won: null,
  mean_days: null,
  is_mean_at_least: false,
  imported: 0,
  unknown_start: 0,
} as const;
const CYCLE = { deals: 0, timed: 0, median_days: null, mean_days: null } as const;

export const exampleTimes = (median: number | null): Schema['StageAnswer'] => ({
  basis: {
    as_of: '2026-08-17T00:42:00Z',
    is_past: false,
    today: '2026-08-17',
    closing_from: null,
    closing_to: null,
    base_currency: 'SGD',
    home_currency: 'SGD',
    rates: [],
    own_rate_deals: 0,
    rates_read_at: null,
    without_rate: [],
    conflicts: null,
    history_began: '2026-06-01T00:00:00Z',
  },
  window: { start: '2025-08-17T00:42:00Z', end: '2026-08-17T00:42:00Z' },
  left_out: [],
  stages: [
    {
      ...NOTHING,
      stage: 'Negotiation',
      label: 'Negotiation',
      outcome: 'open',
      median_days: median,
    },
  ],
  entered: 0,
  imported: 0,
  unknown_start: 0,
  won: CYCLE,
  lost: CYCLE,
  velocity: { open_deals: 0, win_rate: null, average_size: null, cycle_days: null, a_day: null },
  history: null,
});
