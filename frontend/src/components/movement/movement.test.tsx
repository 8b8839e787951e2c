import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Schema } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { totalAddress } from './bars';
import { MovementPanel } from './movement-panel';

const bucket = (
  name: Schema['Bucket'],
  deals: number,
  value: number,
  over: Partial<Schema['MovementBucket']> = {},
): Schema['MovementBucket'] => ({
  bucket: name,
  deals,
  value,
  without_value: 0,
  of_rates: 0,
  reasons: [],
  ...over,
});

const MOVEMENT: Schema['PipelineMovement'] = {
  basis: {
    as_of: '2025-08-17T00:42:00Z',
    is_past: false,
    today: '2025-08-17',
    closing_from: '2025-07-01',
    closing_to: '2025-09-30',
    base_currency: 'SGD',
    home_currency: 'SGD',
    rates: [],
    own_rate_deals: 0,
    rates_read_at: null,
    without_rate: [],
    conflicts: { deals: 0, value: 0 },
    history_began: '2025-01-01T00:00:00Z',
  },
  comparison: {
    compared_with: '2025-08-10T00:42:00Z',
    is_cut: false,
    missing_because: null,
  },
  start: { deals: 205, value: 46_000_000, without_value: 0 },
  end: { deals: 214, value: 48_000_000.5, without_value: 2 },
  buckets: [
    bucket('new', 18, 3_570_000.5),
    bucket('pulled_in', 0, 0),
    bucket('increased', 0, 0),
    bucket('decreased', 0, 0),
    bucket('pushed_out', 2, -1_570_000, {
      of_rates: -12.5,
      reasons: [
        { reason: 'closing_date', words: 'Closing date moved', deals: 1, value: -1_500_000 },
        { reason: 'deleted', words: 'Deleted in the CRM', deals: 1, value: -70_000 },
      ],
    }),
    bucket('won', 0, 0),
    bucket('lost', 0, 0),
  ],
  pending: 4,
};
const DEALS: Schema['MovedDealPage'] = {
  count: 2,
  limit: 1,
  offset: 0,
  has_more: true,
  items: [
    {
      id: '101',
      name: 'Yard automation',
      account: 'Straits Port Services',
      owner: 'Mei Tan',
      stage: 'Negotiation',
      before: 1_500_000,
      after: null,
      difference: -1_500_000,
      reason: 'closing_date',
      words: 'Closing date 24 Sep 2025 → 15 Oct 2025',
    },
  ],
};
const ASKED = {
  filters: { closing: 'current_quarter' as const, country: ['India', ''] },
  asOf: null,
  comparedWith: null,
};

function serve(movement: Schema['PipelineMovement'] = MOVEMENT): URL[] {
  const asked: URL[] = [];
  server.use(
    http.get('/api/analysis/movement', ({ response }) => response(200).json(movement)),
    http.get('/api/analysis/movement/deals', ({ request, response }) => {
      const url = new URL(request.url);
      asked.push(url);
      const isFirst = url.searchParams.get('offset') === '0';
      return response(200).json(
        isFirst
          ? DEALS
          : {
              ...DEALS,
              offset: 1,
              has_more: false,
              items: DEALS.items.map((deal) => ({ ...deal, id: '102', name: 'Claims platform' })),
            },
      );
    }),
  );
  return asked;
}

test('a bar opens its deals with reasons, page by page', async () => {
  const asked = serve();
  const { user } = renderApp(<MovementPanel title="Movement" {...ASKED} />);

  await user.click(await screen.findByRole('button', { name: /^Pushed out/ }));
  const drawer = await screen.findByRole('dialog', { name: 'Pushed out' });
  expect(within(drawer).getByText('2 deals, SGD −1,570,000.00')).toBeVisible();
  expect(
    within(drawer).getByText('Closing date moved: 1 deal · Deleted in the CRM: 1 deal'),
  ).toBeVisible();
  expect(
    within(drawer).getByText(/^SGD −12.50 of it came from the CRM’s rates alone.$/),
  ).toBeVisible();
  expect(await within(drawer).findByText('Closing date 24 Sep 2025 → 15 Oct 2025')).toBeVisible();
  expect(within(drawer).getByRole('link', { name: 'Yard automation' })).toHaveAttribute(
    'href',
    '/deals/101',
  );
  await user.click(within(drawer).getByRole('button', { name: 'Show more' }));
  expect(await within(drawer).findByRole('link', { name: 'Claims platform' })).toBeVisible();
  expect(within(drawer).queryByRole('button', { name: 'Show more' })).toBeNull();
  expect(asked.map(({ search }) => search)).toEqual([
    '?closing=current_quarter&country=India&country=&bucket=pushed_out&limit=50&offset=0',
    '?closing=current_quarter&country=India&country=&bucket=pushed_out&limit=50&offset=1',
  ]);
});

test('the totals open the deals of their moment, with closing days that stay', async () => {
  serve();
  const { user, address } = renderApp(<MovementPanel title="Movement" {...ASKED} />);

  await user.click(await screen.findByRole('button', { name: /^Start/ }));
  expect(address()).toBe(
    '/deals?country=India&country=&closing_from=2025-07-01&closing_to=2025-09-30' +
      '&as_of=2025-08-10T00%3A42%3A00Z',
  );
  expect(totalAddress(MOVEMENT, ASKED, 'end')).toBe(
    '/deals?country=India&country=&closing_from=2025-07-01&closing_to=2025-09-30',
  );
  const past = { ...MOVEMENT, basis: { ...MOVEMENT.basis, is_past: true } };
  expect(totalAddress(past, ASKED, 'end')).toContain('as_of=2025-08-17T00%3A42%3A00Z');
});

test('says what waits for the CRM and what has no value', async () => {
  serve();
  renderApp(<MovementPanel title="Movement" {...ASKED} />);
  expect(
    await screen.findByText('4 deals with local edits that the CRM has not taken yet'),
  ).toBeVisible();
  expect(
    screen.getByRole('button', { name: /^End: .*2 deals without an amount or a rate$/ }),
  ).toBeVisible();
});

test('says why nothing can be compared', async () => {
  serve({
    ...MOVEMENT,
    comparison: {
      compared_with: null,
      is_cut: false,
      missing_because: 'Sync status has no history, so deals chosen by it cannot be compared.',
    },
    start: null,
    end: null,
    buckets: [],
    pending: null,
  });
  renderApp(<MovementPanel title="Movement" {...ASKED} />);
  expect(await screen.findByText(/^Sync status has no history/)).toBeVisible();
  expect(screen.queryByRole('figure')).toBeNull();
});

test('a failure keeps its place and says what failed', async () => {
  server.use(
    http.get('/api/analysis/movement', ({ response }) =>
      response(503).json({
        type: 'urn:pulse:problem:database_slow',
        title: 'Unavailable',
        status: 503,
        detail: 'The database did not answer within 10 s.',
        code: 'database_slow',
        fix: null,
        errors: null,
      }),
    ),
  );
  renderApp(<MovementPanel title="Movement" {...ASKED} />);
  expect(await screen.findByText('The movement could not be computed')).toBeVisible();
});
