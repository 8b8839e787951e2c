/** The way from opportunity to revenue of the pictures, as the server tells it in tests. */
import type { Schema } from '@/lib/api';
import { currentStatus } from '@/testing/sync-state';
import { http, server } from '@/testing/server';
import type { NeedyOpportunity, O2rDashboard, PhasePace, PhaseStanding } from './api/queries';

export const NOW = new Date('2026-08-17T00:42:00Z');

const PACE = { entered: 3_120, moved_on: 1_812, unfinished: 1_004, lost: 304 };

const phase = (
  number: number,
  title: string,
  deals: number,
  value: number,
  median: number,
): PhaseStanding => ({
  phase: (['phase_1', 'phase_2', 'phase_3', 'phase_4'] as const)[number - 1] ?? 'phase_1',
  number,
  title,
  deals,
  value,
  median_days: median,
});

const SHARES = [0.62, 0.54, 0.91, null];

const needy = (id: string, more: Partial<NeedyOpportunity>): NeedyOpportunity => ({
  id,
  name: 'Grid analytics',
  phase: 'phase_3',
  number: 3,
  health: 'blocked',
  score: 68,
  rule: 'blocker_open',
  reason: 'Security review, open for 6 days.',
  brief: 'Security review, 6 d',
  advice: 'Settle with the people involved who removes the blocker and by when.',
  next_step: 'Remove the blocker',
  signals: 1,
  value: 1_806_000,
  ...more,
});

export const O2R: O2rDashboard = {
  basis: {
    as_of: NOW.toISOString(),
    is_past: false,
    today: '2026-08-17',
    closing_from: null,
    closing_to: null,
    base_currency: 'SGD',
    home_currency: 'SGD',
    rates: [],
    own_rate_deals: 0,
    rates_read_at: '2026-08-16T22:00:00Z',
    without_rate: [{ currency: 'LKR', deals: 3 }],
    conflicts: { deals: 2, value: 3_210_000 },
    history_began: '2026-06-01T00:00:00Z',
  },
  quarter: {
    quarter: '2026-Q3',
    starts_on: '2026-07-01',
    ends_on: '2026-09-30',
    is_running: true,
  },
  open: { deals: 2_451, value: 417_000_000 },
  phases: [
    phase(1, 'Opportunity', 1_004, 164_200_000, 38),
    phase(2, 'Proposal', 712, 121_600_000, 47),
    phase(3, 'Execution', 437, 72_900_000, 96),
    phase(4, 'Revenue', 298, 58_300_000, 41),
  ],
  realised: { deals: 41, value: 6_284_917, this_week: 742_800 },
  waiting_for_invoice: { deals: 61, value: 14_120_400, oldest_days: 74 },
  waiting_for_payment: { deals: 38, value: 9_412_650, overdue_deals: 9, limit_days: 45 },
  at_risk: { deals: 23, value: 5_918_300 },
  cycle: { deals: 40, median_days: 222, before_deals: 57, before_median_days: 228 },
  territories: [
    {
      territory: 'ASEAN',
      deals: 804,
      value: 120_400_800,
      blocked: 12,
      red: 28,
      yellow: 61,
      needs_update: 90,
      green: 613,
    },
    {
      territory: null,
      deals: 69,
      value: 400_800,
      blocked: 0,
      red: 0,
      yellow: 2,
      needs_update: 7,
      green: 60,
    },
  ],
  attention: {
    count: 142,
    items: [
      needy('4001', {}),
      needy('4002', {
        name: null,
        phase: 'phase_4',
        number: 4,
        health: 'red',
        rule: 'invoice_unpaid',
        brief: 'Invoice unpaid, 58 d',
        next_step: 'Call accounts payable',
        value: null,
      }),
    ],
  },
};

const PACES: PhasePace[] = O2R.phases.map(
  ({ phase, number, title, median_days: median }, place) => ({
    phase,
    number,
    title,
    ...PACE,
    share_moved_on: SHARES[place] ?? null,
    median_stay_days: (median ?? 0) + 3,
  }),
);

const RISK: Schema['RevenueAtRisk'] = {
  basis: O2R.basis,
  comparison: {
    compared_with: '2026-08-10T00:42:00Z',
    is_cut: false,
    missing_because: null,
  },
  ...O2R.at_risk,
  deals_then: 20,
  value_then: 5_307_100,
};

const REGIONS: Schema['Facet'] = {
  field: 'region',
  values: [
    { value: 'ASEAN', label: 'ASEAN', count: 804 },
    { value: 'India', label: 'India', count: 746 },
  ],
  has_more: false,
};

/** Answers everything that the page asks, and keeps what the dashboard was asked. */
export function anO2r(dashboard: O2rDashboard = O2R): { asked: string[] } {
  const asked: string[] = [];
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) =>
      response(200).json(currentStatus()),
    ),
    http.get('/api/deals/facets', ({ response }) => response(200).json(REGIONS)),
    http.get('/api/o2r/pace', ({ response }) =>
      response(200).json({ basis: O2R.basis, phases: PACES }),
    ),
    http.get('/api/dashboard/risk', ({ response }) => response(200).json(RISK)),
    http.get('/api/o2r/dashboard', ({ request, response }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams.toString());
      const quarter = searchParams.get('quarter');
      return response(200).json(
        quarter === null
          ? dashboard
          : {
              ...dashboard,
              quarter: {
                quarter,
                starts_on: '2026-04-01',
                ends_on: '2026-06-30',
                is_running: false,
              },
            },
      );
    }),
  );
  return { asked };
}
