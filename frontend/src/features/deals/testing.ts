/** Deals as the server would give them, for tests of the page. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Schema } from '@/lib/api';
import { onKeyDown } from '@/lib/keys';
import { onUndoKey } from '@/lib/undo';
import { http, server } from '@/testing/server';

type DealRow = Schema['DealRow'];

const ROWS = 250;
/** What rows were asked for. */
export const asked: URLSearchParams[] = [];

export function row(place: number, over: Partial<DealRow> = {}): DealRow {
  return {
    id: `48768770000000${20000 + place}`,
    state: 'synced',
    error: null,
    name: `Deal number ${place}`,
    account: { id: '11', name: 'Orchid Airways' },
    owner: { id: '21', name: 'Priya Menon' },
    stage: { value: 'Propose', label: 'Proposal', step: 2, outcome: 'open' },
    probability: 50,
    amount: 1_000,
    currency: 'USD',
    exchange_rate: 0.8,
    value: 1_250,
    weighted: 625,
    rate_source: 'deal',
    closing_date: '2026-09-24',
    country: 'Singapore',
    region: null,
    solution: null,
    funding: null,
    segment: null,
    created_at: null,
    changed_at: '2026-08-17T00:39:12Z',
    proposal_submitted_on: null,
    po_generated_on: null,
    kicked_off_on: null,
    invoiced_on: null,
    payment_received_on: null,
    revenue_recognised_on: null,
    fields: {},
    ...over,
  };
}

const NAMES: [key: string, label: string, kind: Schema['ColumnKind']][] = [
  ['state', 'Sync status', 'state'],
  ['name', 'Deal', 'text'],
  ['stage', 'Stage', 'stage'],
  ['value', 'Value', 'value'],
  ['closing_date', 'Closing date', 'date'],
  ['changed_at', 'Changed', 'instant'],
];
export const COLUMNS: Schema['ColumnList'] = {
  columns: [
    ...NAMES.map(([key, label, kind]) => ({
      key,
      label,
      kind,
      data_type: null,
      is_crm_field: false,
      is_default: true,
      is_sortable: true,
      has_facet: false,
      tests: [],
    })),
    {
      key: 'crm.Seats',
      label: 'Seats',
      kind: 'number',
      data_type: 'integer',
      is_crm_field: true,
      is_default: false,
      is_sortable: true,
      has_facet: false,
      tests: ['is', 'min', 'max', 'empty', 'filled'],
    },
  ],
  default_sort: '-changed_at',
  base_currency: 'SGD',
  today: '2026-08-17',
};

const SUMMARY: Schema['DealSummary'] = {
  count: ROWS,
  total_count: 48_210,
  value: 312_500,
  weighted: 156_250,
  currency: 'SGD',
  without_rate: [],
  conflicts: 0,
  rates: [],
  rates_read_at: null,
  is_past: false,
};

export function serve(
  over: { summary?: Partial<Schema['DealSummary']>; rows?: DealRow[] } = {},
): void {
  server.use(
    http.get('/api/deals/columns', ({ response }) => response(200).json(COLUMNS)),
    http.get('/api/deals/facets', ({ response }) =>
      response(200).json({ field: 'stage', values: [], has_more: false }),
    ),
    http.get('/api/deals/summary', ({ response }) =>
      response(200).json({ ...SUMMARY, ...over.summary }),
    ),
    http.get('/api/deals', ({ request, response }) => {
      const params = new URL(request.url).searchParams;
      asked.push(params);
      const [limit, offset] = [Number(params.get('limit')), Number(params.get('offset'))];
      const all = over.rows ?? Array.from({ length: ROWS }, (_, place) => row(place));
      const items = all.slice(offset, offset + limit);
      return response(200).json({ items, limit, offset, has_more: all.length > offset + limit });
    }),
  );
}

const SIZE = { clientHeight: 640, clientWidth: 1200 } as const;

/** Gives the table a window, keys and a clean start; called once by a file of tests. */
export function withTable(): void {
  beforeAll(() => {
    // The test's document lays nothing out, so the table is told how large its window is.
    for (const [name, px] of Object.entries(SIZE)) {
      Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => px });
    }
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('keydown', onUndoKey);
  });
  afterAll(() => {
    for (const name of Object.keys(SIZE)) Reflect.deleteProperty(HTMLElement.prototype, name);
    document.removeEventListener('keydown', onKeyDown);
    document.removeEventListener('keydown', onUndoKey);
  });
  beforeEach(() => {
    asked.length = 0;
    localStorage.clear();
    sessionStorage.clear();
  });
}
