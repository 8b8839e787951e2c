import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Opportunity, OpportunitySummary } from '@/lib/queries/opportunities';
import { onKeyDown } from '@/lib/keys';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { serveView, VIEW_ID, viewOf } from '@/testing/views';
import OpportunitiesPage from './opportunities-page';

const row = (id: string, change: Partial<Opportunity> = {}): Opportunity => ({
  id,
  state: 'synced',
  name: `Deal ${id}`,
  account: { id: '11', name: 'Kaveri Power Grid' },
  owner: { id: '21', name: 'Arjun Mehta' },
  region: 'South Asia',
  solution: 'Analytics',
  country: 'India',
  is_strategic: false,
  ended: null,
  phase: 3,
  phase_title: 'Execution',
  phase_since: '2026-06-30',
  days_in_phase: 48,
  next_milestone: { milestone: 'kick_off', label: 'Kick-off', planned_on: null },
  health: 'blocked',
  score: 68,
  reason: 'Security review, 6 d',
  next_step: 'Remove the blocker',
  further_signals: 0,
  value: 1_806_000.25,
  amount: 118_503_937,
  currency: 'INR',
  closing_date: '2026-06-30',
  ...change,
});

const SUMMARY: OpportunitySummary = {
  count: 2,
  all_count: 412,
  value: 2_006_000.25,
  at_risk_value: 1_806_000.25,
  needs_attention: 1,
  by_health: [
    { health: 'blocked', deals: 1, value: 1_806_000.25 },
    { health: 'green', deals: 1, value: 200_000 },
  ],
  base_currency: 'SGD',
  today: '2026-08-17',
  without_rate: [],
  conflicts: 0,
  rates_read_at: '2026-08-17T00:31:00Z',
};

let asked: string[] = [];

function given(items: Opportunity[], summary: Partial<OpportunitySummary> = {}): void {
  asked = [];
  server.use(
    http.get('/api/o2r/opportunities', ({ request, response }) => {
      asked.push(new URL(request.url).search);
      return response(200).json({ items, limit: 100, offset: 0, has_more: false });
    }),
    http.get('/api/o2r/opportunities/summary', ({ response }) =>
      response(200).json({ ...SUMMARY, ...summary }),
    ),
    http.get('/api/deals/facets', ({ response }) =>
      response(200).json({ field: 'region', values: [], has_more: false }),
    ),
    http.get('/api/deals/columns', ({ response }) =>
      response(200).json({
        columns: [],
        default_sort: '-changed_at',
        base_currency: 'SGD',
        today: '2026-08-17',
      }),
    ),
  );
}

const open = (search = '') =>
  renderApp(<OpportunitiesPage />, {
    at: `/o2r/opportunities${search}`,
    path: '/o2r/opportunities',
  });

const lastAsked = (): URLSearchParams => new URLSearchParams(asked.at(-1));

beforeEach(() => {
  given([row('1'), row('2', { health: 'green', score: 100, reason: null, next_step: null })]);
});

describe('the list of opportunities', () => {
  it('begins with what is the case and who is needed', async () => {
    open();
    expect(await screen.findByText(/2 opportunities worth S\$ 2,006,000\./)).toHaveTextContent(
      '2 opportunities worth S$ 2,006,000. 1 needs a person: 1 blocked.',
    );
    expect(screen.getByRole('link', { name: '1 needs a person' })).toHaveAttribute(
      'href',
      '/o2r/opportunities?attention=true',
    );
    expect(screen.getByText('2 of 412')).toBeInTheDocument();
  });

  it('shows each with health, phase, reason, next step and value', async () => {
    open();
    const table = within(await screen.findByRole('table', { name: 'Opportunities' }));
    const first = table.getByRole('row', { name: /Deal 1/ });
    expect(first).toHaveTextContent(
      'BlockedDeal 1 III Execution48Kick-offSecurity review, 6 dRemove the blocker68Arjun Mehta1,806,000',
    );
    expect(within(first).getByRole('link', { name: 'Deal 1' })).toHaveAttribute(
      'href',
      '/o2r/opportunities/1',
    );
    expect(table.getByRole('row', { name: /Deal 2/ })).toHaveTextContent('Healthy');
  });

  it('asks the server for what the address says; a territory is a region', async () => {
    open(
      '?phase=1&phase=3&health=red&territory=ASEAN&waiting=payment&strategic=true&segment=Public',
    );
    await screen.findByRole('table', { name: 'Opportunities' });
    const found = lastAsked();
    expect(found.getAll('phase')).toEqual(['1', '3']);
    expect(found.getAll('region')).toEqual(['ASEAN']);
    expect([...found.keys()].sort()).toEqual([
      'health',
      'limit',
      'offset',
      'phase',
      'phase',
      'region',
      'segment',
      'strategic',
      'waiting',
    ]);
    const chips = within(screen.getByRole('group', { name: 'Filters of opportunities' }));
    expect(chips.getByRole('button', { name: /^Phase/ })).toHaveTextContent(
      'PhaseI Opportunity, III Execution',
    );
  });

  it('chooses several healths by their chip, and takes a filter away', async () => {
    const { user, address } = open();
    await screen.findByRole('table', { name: 'Opportunities' });
    await user.click(screen.getByRole('button', { name: /^Health any/ }));
    await user.click(await screen.findByRole('checkbox', { name: 'Blocked' }));
    await user.click(screen.getByRole('checkbox', { name: 'At risk' }));
    expect(address()).toBe('/o2r/opportunities?health=blocked&health=red');
    await user.click(screen.getByRole('checkbox', { name: 'Blocked' }));
    expect(address()).toBe('/o2r/opportunities?health=red');
    await user.click(screen.getByRole('button', { name: 'Remove the filter Health' }));
    expect(address()).toBe('/o2r/opportunities');
  });

  it('orders by a column, greatest first, then the other way', async () => {
    const { user, address } = open();
    const table = within(await screen.findByRole('table', { name: 'Opportunities' }));
    await user.click(table.getByRole('button', { name: /^Value/ }));
    expect(address()).toBe('/o2r/opportunities?sort=-value');
    await waitFor(() => {
      expect(lastAsked().get('sort')).toBe('-value');
    });
    await user.click(table.getByRole('button', { name: /^Value/ }));
    expect(address()).toBe('/o2r/opportunities?sort=value');
  });

  it('moves from one to the next by J and K', async () => {
    const { user } = open();
    await screen.findByRole('table', { name: 'Opportunities' });
    document.addEventListener('keydown', onKeyDown);
    onTestFinished(() => {
      document.removeEventListener('keydown', onKeyDown);
    });
    await user.keyboard('jj');
    expect(screen.getByRole('link', { name: 'Deal 2' })).toHaveFocus();
    await user.keyboard('k');
    expect(screen.getByRole('link', { name: 'Deal 1' })).toHaveFocus();
  });

  it('says what its total leaves out', async () => {
    given([row('1', { value: null })], {
      without_rate: [{ currency: 'LKR', count: 3 }],
      conflicts: 2,
    });
    open();
    expect(
      await screen.findByText(/3 deals in LKR have no rate and are not in this total/),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Show them' })).toHaveAttribute(
      'href',
      '/o2r/opportunities?currency=LKR',
    );
    expect(screen.getByRole('link', { name: '2 deals in conflict' })).toHaveAttribute(
      'href',
      '/o2r/opportunities?state=conflict',
    );
    expect(screen.getByRole('row', { name: /Deal 1/ })).toHaveTextContent('no rate');
  });

  it('clears filters that nothing matches', async () => {
    given([], { count: 0, needs_attention: 0, by_health: [] });
    const { user, address } = open('?health=blocked&segment=Public&q=grid');
    await user.click(await screen.findByRole('button', { name: 'Clear filters' }));
    expect(address()).toBe('/o2r/opportunities');
  });
});

it('shows the deals whose revenue was recognised in a quarter, and offers other quarters', async () => {
  given([row('7', { ended: 'recognised', health: 'green' })], { needs_attention: 0, count: 1 });
  const { user, address } = open('?recognised=2026-Q2');

  expect(await screen.findByText(/^1 deal worth/)).toBeVisible();
  expect(lastAsked().get('recognised')).toBe('2026-Q2');
  const chips = within(screen.getByRole('group', { name: 'Filters of opportunities' }));
  await user.click(chips.getByRole('button', { name: 'Revenue recognised Q2 2026' }));
  await user.click(await screen.findByRole('checkbox', { name: 'Q3 2026' }));
  expect(address()).toBe('/o2r/opportunities?recognised=2026-Q3');
});

it('says that it shows now where figures of a past moment led to it', async () => {
  const { user, address } = open('?region=ASEAN&phase=2&as_of=2026-08-10T00:00:00Z');
  const note = await screen.findByText(/^This list shows opportunities as they are now\./);
  expect(note).toHaveTextContent('The figures that led here are of Aug 10, 00:00.');
  expect(within(note).getByRole('link', { name: 'Deals as they stood then' })).toHaveAttribute(
    'href',
    '/deals?region=ASEAN&as_of=2026-08-10T00%3A00%3A00.000Z',
  );
  await screen.findByRole('table', { name: 'Opportunities' });
  expect(lastAsked().has('as_of')).toBe(false);

  await user.click(within(note).getByRole('button', { name: 'Dismiss' }));
  expect(address()).toBe('/o2r/opportunities?region=ASEAN&phase=2');
  expect(screen.queryByText(/^This list shows/)).toBeNull();
});

it('exports what the list shows: its filters, its own ones too, and its order', async () => {
  const { user } = open('?region=ASEAN&phase=2&sort=-value');
  await screen.findByRole('table', { name: 'Opportunities' });
  const previewed: unknown[] = [];
  server.use(
    http.get('/api/exports', ({ response }) => response(200).json({ items: [] })),
    http.post('/api/exports/preview', async ({ request, response }) => {
      previewed.push(await request.json());
      return response(200).json({
        rows: 2,
        words: 'Region: ASEAN · Phase: II Proposal',
        formats: [{ format: 'xlsx', seconds: 0.3, is_too_large: false }],
      });
    }),
  );
  await user.click(screen.getByRole('button', { name: 'Export' }));

  const kind = await screen.findByRole('region', { name: 'Opportunities, a row each' });
  expect(await within(kind).findByText('2 opportunities')).toBeVisible();
  expect(within(kind).getByRole('button', { name: /^Excel/ })).toBeEnabled();
  expect(previewed).toEqual([
    {
      kind: 'opportunities',
      query: 'region=ASEAN&phase=2&sort=-value',
      columns: null,
      subject: null,
    },
  ]);
});

describe('a saved view of the list', () => {
  const KEPT = 'region=ASEAN&phase=2&health=red';

  it('keeps the filters that only opportunities have, and stays open once they are cleared', async () => {
    serveView(viewOf('opportunities', KEPT));
    const { user, address } = open(`?view=${VIEW_ID}`);

    expect(await screen.findByRole('heading', { level: 1, name: 'Monday list' })).toBeVisible();
    expect(address()).toBe(`/o2r/opportunities?view=${VIEW_ID}&${KEPT}`);
    await screen.findByRole('table', { name: 'Opportunities' });
    expect(asked.every((search) => search.includes('region=ASEAN'))).toBe(true);
    expect(lastAsked().get('health')).toBe('red');

    given([]);
    const chips = screen.getByRole('group', { name: 'Filters of opportunities' });
    await user.click(within(chips).getByRole('button', { name: /^Health/ }));
    await user.click(await screen.findByRole('checkbox', { name: 'Watch' }));
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Clear filters' }));
    expect(address()).toBe(`/o2r/opportunities?view=${VIEW_ID}`);
    expect(screen.getByText(/^Changed/, { selector: '[role=status]' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(address()).toBe(`/o2r/opportunities?view=${VIEW_ID}&${KEPT}`);
  });

  it('deletes a view and stays on what it showed', async () => {
    const written = serveView(viewOf('opportunities', KEPT));
    const { user, address } = open(`?view=${VIEW_ID}&${KEPT}`);
    await screen.findByRole('heading', { level: 1, name: 'Monday list' });

    await user.click(screen.getByRole('button', { name: 'Views' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Opportunities' })).toBeVisible();
    expect(address()).toBe(`/o2r/opportunities?${KEPT}`);
    expect(await screen.findByText(/^View deleted: Monday list\./)).toBeVisible();
    expect(written).toEqual([{ method: 'DELETE', path: `/api/views/${VIEW_ID}`, body: {} }]);
  });
});
