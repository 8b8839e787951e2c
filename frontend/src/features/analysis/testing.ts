/** The pipeline of the pictures as the server tells it, for tests of the Analysis page. */
import type { Schema } from '@/lib/api';
import type { SavedView } from '@/lib/queries/views';
import { currentStatus } from '@/testing/sync-state';
import { http, server } from '@/testing/server';
import type { Numbers } from '@/lib/queries/pipeline';
import type { Basis } from './api/queries';
import { STAGES as FLOW } from './components/stages/example-stages';
import { SLIPS } from './components/slips/example-slips';
import type { Breakdown, Heading } from './lib/pivot';

export const NOW = new Date('2026-08-17T00:42:00Z');
export const VIEW_ID = '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b20';

export const BASIS: Basis = {
  as_of: '2026-08-17T00:42:00Z',
  is_past: false,
  today: '2026-08-17',
  closing_from: '2026-07-01',
  closing_to: '2026-09-30',
  base_currency: 'SGD',
  home_currency: 'SGD',
  rates: [{ currency: 'INR', rate: '65.6', since: '2026-08-16' }],
  own_rate_deals: 12,
  rates_read_at: '2026-08-16T22:00:00Z',
  without_rate: [],
  conflicts: { deals: 2, value: 3_210_000 },
  history_began: '2026-06-01T00:00:00Z',
};

export const COMPARISON: Schema['Comparison'] = {
  compared_with: '2026-08-10T00:00:00Z',
  is_cut: false,
  missing_because: null,
};

export const NUMBERS: Numbers = {
  basis: BASIS,
  comparison: COMPARISON,
  value: { now: 48_615_240, then: 46_475_240, absolute: 2_140_000, relative: 0.046046 },
  deals: { now: 214, then: 205, absolute: 9, relative: 0.043902 },
  average_size: { now: 227_174, then: 226_708, absolute: 466, relative: 0.002055 },
  average_probability: { now: 54.3, then: 53.7, absolute: 0.6, relative: 0.011173 },
  weighted: { now: 26_989_605, then: 25_683_185, absolute: 1_306_420, relative: 0.050867 },
};

const heading = (key: string, filter: string | null, label = key): Heading => ({
  kind: 'value',
  key,
  label,
  filter,
  groups: 1,
});

const STAGES = [heading('Proposal', 'stage=Proposal'), heading('Negotiation', 'stage=Negotiation')];

const line = (
  deals: number,
  cells: readonly (number | null)[],
  figure: Partial<Schema['ChangedNumber']> = {},
): Schema['BreakdownLine'] => {
  const value = cells.reduce<number>((sum, cell) => sum + (cell ?? 0), 0);
  return {
    deals,
    value,
    weighted: value / 2,
    weighted_percent: 50,
    figure: { now: value, then: value, absolute: 0, relative: 0, ...figure },
    cells: cells.map((cell) => (cell === null ? null : { deals: 1, figure: cell })),
  };
};

export const BREAKDOWN: Breakdown = {
  basis: BASIS,
  comparison: COMPARISON,
  measure: 'value',
  closed: null,
  columns: STAGES,
  rows: [
    {
      heading: heading('Singapore', 'country=Singapore'),
      ...line(62, [4_282_152, 5_887_959], { absolute: 400_000, relative: 0.041 }),
    },
    {
      heading: { kind: 'none', key: null, label: 'No country', filter: 'country=', groups: 1 },
      ...line(3, [null, 71_460], { absolute: -6_000, relative: -0.082 }),
    },
    {
      heading: { kind: 'others', key: null, label: '4 more', filter: null, groups: 4 },
      ...line(7, [90_000, null], { then: 0, absolute: 90_000, relative: null }),
    },
  ],
  total: line(72, [4_372_152, 5_959_419]),
};

/** What Singapore is made of: nobody there has a deal in Proposal. */
const OWNERS: Breakdown = {
  ...BREAKDOWN,
  columns: [heading('Negotiation', 'stage=Negotiation')],
  rows: [{ heading: heading('21', 'owner=21', 'Priya Menon'), ...line(28, [5_887_959]) }],
  total: line(28, [5_887_959]),
};

const MANAGER: Schema['AccountManager'] = {
  owner_id: '21',
  name: 'Priya Menon',
  is_active: true,
  deals: 28,
  value: 8_204_600,
  average_size: 293_021.43,
  average_probability: 55.2,
  weighted: 4_528_939.2,
  won: 9,
  lost: 13,
  win_rate: 40.91,
  country_count: 4,
  countries: [{ country: 'Singapore', deals: 17, value: 5_104_600 }],
};
const MANAGERS: Schema['AccountManagers'] = {
  basis: BASIS,
  closed_from: '2025-08-18',
  closed_to: '2026-08-17',
  items: [
    MANAGER,
    {
      ...MANAGER,
      owner_id: '22',
      name: 'Arjun Mehta',
      is_active: false,
      value: 100,
      win_rate: null,
    },
    { ...MANAGER, owner_id: '23', name: 'Wei Ling Koh', deals: 0, value: 0 },
  ],
  total: MANAGER,
};

export const VIEW: SavedView = {
  id: VIEW_ID,
  page: 'analysis',
  name: 'Monday pipeline',
  query: 'closing=current_quarter&probability=presales&outcome=open&segment=Public',
  is_shared: true,
  owner: 'Priya Raghunathan',
  is_mine: false,
  may_change: false,
  created_at: '2026-08-10T00:02:11Z',
  updated_at: '2026-08-10T00:02:11Z',
};

/** What was asked for, by the last part of the path. */
export const asked = new Map<string, URLSearchParams>();

const note = (request: Request): URLSearchParams => {
  const { pathname, searchParams } = new URL(request.url);
  asked.set(pathname.split('/').at(-1) ?? '', searchParams);
  return searchParams;
};

type Served = {
  numbers?: Partial<Numbers>;
  breakdown?: Breakdown;
  views?: SavedView[];
};

export function serve({ numbers, breakdown = BREAKDOWN, views = [VIEW] }: Served = {}): void {
  asked.clear();
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) =>
      response(200).json(currentStatus()),
    ),
    http.get('/api/deals/columns', ({ response }) =>
      response(200).json({
        columns: [],
        default_sort: '-changed_at',
        base_currency: 'SGD',
        today: '2026-08-17',
      }),
    ),
    http.get('/api/deals/facets', ({ response }) =>
      response(200).json({
        field: 'segment',
        values: [{ value: 'Public', label: null, count: 3 }],
        has_more: false,
      }),
    ),
    http.get('/api/analysis/numbers', ({ request, response }) => {
      note(request);
      return response(200).json({ ...NUMBERS, ...numbers });
    }),
    http.get('/api/analysis/trend', ({ response }) =>
      response(200).json({
        comparison: COMPARISON,
        points: [0, 1].map((week) => ({
          at: `2026-08-${10 + 7 * week}T00:00:00Z`,
          deals: 205 + 9 * week,
          value: 46_475_240 + 2_140_000 * week,
          average_size: null,
          average_probability: 53.7 + 0.6 * week,
          weighted: 25_683_185,
        })),
      }),
    ),
    http.get('/api/analysis/breakdown', ({ request, response }) =>
      response(200).json(note(request).get('rows') === 'owner' ? OWNERS : breakdown),
    ),
    http.get('/api/analysis/movement', ({ request, response }) => {
      note(request);
      return response(200).json({
        basis: BASIS,
        comparison: COMPARISON,
        start: { deals: 205, value: 46_475_240, without_value: 0 },
        end: { deals: 214, value: 48_615_240, without_value: 0 },
        buckets: [],
        pending: 0,
      });
    }),
    http.get('/api/analysis/stages', ({ request, response }) => {
      note(request);
      return response(200).json({ basis: BASIS, ...FLOW });
    }),
    http.get('/api/analysis/slips', ({ request, response }) => {
      note(request);
      return response(200).json({ basis: BASIS, comparison: COMPARISON, ...SLIPS });
    }),
    http.get('/api/analysis/managers', ({ response }) => response(200).json(MANAGERS)),
    http.get('/api/views', ({ response }) =>
      response(200).json({
        count: views.length,
        items: views,
        limit: 200,
        offset: 0,
        has_more: false,
      }),
    ),
    http.get('/api/views/{view_id}', ({ params, response }) => {
      const found = views.find(({ id }) => id === params.view_id);
      return found === undefined
        ? response(404).json({
            type: 'urn:pulse:problem:saved_view_not_found',
            title: 'Not found',
            status: 404,
            detail: 'There is no saved view.',
            code: 'saved_view_not_found',
            fix: null,
            errors: null,
          })
        : response(200).json(found);
    }),
  );
}
