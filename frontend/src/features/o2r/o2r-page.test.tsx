import { screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { bandsOf } from './lib/flow';
import { quarterBefore, quarterOf, quartersBackFrom } from '@/lib/quarters';
import { territoryRows } from './lib/territories';
import O2rPage from './o2r-page';
import { anO2r, NOW, O2R } from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const NO_ANSWER = {
  type: 'urn:pulse:problem:database_unavailable',
  title: 'Unavailable',
  status: 503,
  code: 'database_unavailable',
  detail: 'The database did not answer within 10 s.',
  fix: null,
  errors: null,
} as const;
const PROBLEM = { headers: { 'content-type': 'application/problem+json' } };

const show = (at = '/o2r') => renderApp(<O2rPage />, { role: 'viewer', at });

const hrefOf = (link: HTMLElement): string | null => link.getAttribute('href');

describe('the page', () => {
  test('opens with how long the way takes and what money waits', async () => {
    anO2r();
    show();

    const line = await screen.findByText(/^From first contact/);
    expect(line).toHaveTextContent(
      'From first contact to recognised revenue takes 222 days at the median, 6 fewer than in the quarter before. S$ 9.41 M is invoiced and unpaid.',
    );
    expect(hrefOf(within(line).getByRole('link'))).toBe('/o2r/opportunities?waiting=payment');
  });

  test('leads from each phase to its opportunities and tells how many move on', async () => {
    anO2r();
    show();

    const chart = await screen.findByRole('figure', { name: /^Open opportunities by phase/ });
    expect(chart).toHaveAccessibleName(/fewest move on from Phase II · Proposal: 54% within 12/);
    const link = within(chart).getByRole('link', { name: /^Phase III · Execution S/ });
    expect(link).toHaveTextContent('S$ 72.9 M');
    expect(hrefOf(link)).toBe('/o2r/opportunities?phase=3');
    expect(hrefOf(within(chart).getByRole('link', { name: '437 deals' }))).toBe(
      '/o2r/opportunities?phase=3',
    );
    const median = within(chart).getByRole('link', {
      name: 'Phase III · Execution, longest there first: median 96 days',
    });
    expect(median).toHaveTextContent('median 96 d');
    expect(hrefOf(median)).toBe('/o2r/opportunities?phase=3&sort=-days_in_phase');
    const shares = within(chart).getAllByRole('link', { name: /% move on from Phase/ });
    expect(shares.map((each) => [each.textContent, hrefOf(each)])).toEqual([
      ['62%', '/o2r/opportunities?phase=1'],
      ['54%', '/o2r/opportunities?phase=2'],
      ['91%', '/o2r/opportunities?phase=3'],
    ]);
  });

  test('shows the phases as a table with their pace', async () => {
    anO2r();
    const { user } = show();

    const chart = await screen.findByRole('figure', { name: /^Open opportunities by phase/ });
    await user.click(within(chart).getByRole('button', { name: 'Show as table' }));
    const row = within(chart).getByRole('row', { name: /Phase II · Proposal/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['712', '121,600,000', '47', '3,120', '1,812', '1,004', '304', '54%', '50']);
  });

  test('tells five numbers with what matters of each, and opens what is behind them', async () => {
    anO2r();
    show();

    await screen.findByText('6,284,917');
    const strip = screen.getByRole('list', { name: 'Money on its way' });
    const facts = within(strip).getAllByRole('listitem');
    expect(facts.map((each) => each.textContent)).toEqual([
      'Revenue realised, Q3S$6,284,917 +742,800 this week',
      'Won, not invoicedS$14,120,40061 deals, oldest 74 d',
      'Invoiced, not paidS$9,412,65038 deals, 9 over 45 d',
      'Revenue at riskS$5,918,300 +611,200 23 deals',
      'Cycle time, median222d −6 d on Q2',
    ]);
    expect(within(strip).getAllByRole('link').map(hrefOf)).toEqual([
      '/o2r/opportunities?recognised=2026-Q3',
      '/o2r/opportunities?waiting=invoice',
      '/o2r/opportunities?waiting=payment',
      '/o2r/opportunities?health=blocked&health=red',
      '/o2r/opportunities?recognised=2026-Q3',
    ]);
  });

  test('counts health by territory, and names the worst in its conclusion', async () => {
    anO2r();
    const { user } = show();

    const chart = await screen.findByRole('figure', { name: /^Health by territory/ });
    expect(chart).toHaveAccessibleName(
      'Health by territory: most deals at risk are in ASEAN, 40 of 804.',
    );
    const row = within(chart).getByRole('row', { name: /ASEAN/ });
    expect(hrefOf(within(row).getByRole('link', { name: '40' }))).toBe(
      '/o2r/opportunities?health=blocked&health=red&region=ASEAN',
    );
    expect(within(row).getByRole('img')).toHaveAccessibleName(
      'Healthy 613, Needs update 90, Watch 61, At risk 28, Blocked 12',
    );
    await user.click(within(chart).getByRole('button', { name: 'Show as table' }));
    const none = within(chart).getByRole('row', { name: /No territory/ });
    expect(hrefOf(within(none).getByRole('link', { name: '7' }))).toBe(
      '/o2r/opportunities?health=needs_update&region=',
    );
  });

  test('lists who needs help, worst first, with reason and next step', async () => {
    anO2r();
    show();

    const table = await screen.findByRole('table', { name: 'Opportunities that need attention' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      'Grid analyticsIIIBlockedSecurity review, 6 dRemove the blocker1,806,000',
      'id 4002IVAt riskInvoice unpaid, 58 dCall accounts payable–',
    ]);
    expect(hrefOf(within(table).getByRole('link', { name: 'Grid analytics' }))).toBe(
      '/o2r/opportunities/4001',
    );
    expect(hrefOf(screen.getByRole('link', { name: 'All →' }))).toBe(
      '/o2r/opportunities?attention=true',
    );
  });

  test('says what its values rest on and what they leave out', async () => {
    anO2r();
    show();

    const missing = await screen.findByText(/3 deals in LKR have no rate/);
    expect(hrefOf(within(missing).getByRole('link', { name: 'Show them' }))).toBe(
      '/deals?currency=LKR',
    );
    expect(screen.getByRole('link', { name: '2 deals' })).toHaveAttribute(
      'href',
      '/sync-status?tab=conflicts',
    );
  });
});

describe('territory and quarter', () => {
  test('are chosen by menus, stand in the address, and go along with every link', async () => {
    const { asked } = anO2r();
    const { user } = show();

    await user.click(await screen.findByRole('button', { name: 'Territory: All territories' }));
    await user.click(await screen.findByRole('menuitem', { name: 'ASEAN' }));
    await screen.findByRole('button', { name: 'Territory: ASEAN' });
    expect(hrefOf(await screen.findByRole('link', { name: 'All →' }))).toBe(
      '/o2r/opportunities?attention=true&region=ASEAN',
    );
    await user.click(screen.getByRole('button', { name: 'Quarter: Q3 2026' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Q2 2026' }));
    await screen.findByText('Revenue realised, Q2');
    expect(asked).toEqual(['', 'region=ASEAN', 'region=ASEAN&quarter=2026-Q2']);
  });

  test('a past moment is chosen in the address: figures are asked as of it, and the page says so', async () => {
    const { asked } = anO2r({ ...O2R, basis: { ...O2R.basis, is_past: true } });
    const { user, address } = show('/o2r?as_of=2026-08-10T00:00:00Z');

    expect(await screen.findByText(/^Figures as they stood on/)).toHaveTextContent(
      'The lists behind them show opportunities as they are now.',
    );
    expect(asked).toEqual(['as_of=2026-08-10T00%3A00%3A00Z']);
    // What opens from them says that it is of now.
    await screen.findByRole('figure', { name: /^Open opportunities by phase/ });
    const lists = screen
      .getAllByRole('link')
      .map(hrefOf)
      .filter((to) => to?.startsWith('/o2r/opportunities?') === true);
    expect(lists).not.toHaveLength(0);
    expect(lists.filter((to) => to?.includes(`as_of=`) !== true)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Back to now' }));
    expect(address()).toBe('/o2r');
    expect(screen.queryByText(/^Figures as they stood on/)).toBeNull();
  });

  test('a quarter that is over tells its deals and not this week', async () => {
    anO2r();
    show('/o2r?quarter=2026-Q2');

    const strip = await screen.findByText('Revenue realised, Q2');
    expect(strip.closest('li')).toHaveTextContent('41 deals');
    expect(screen.getByText('on Q1', { exact: false })).toBeVisible();
  });
});

describe('states', () => {
  test('without opportunities it says so and shows no empty charts', async () => {
    anO2r({
      ...O2R,
      open: { deals: 0, value: 0 },
      realised: { deals: 0, value: 0, this_week: 0 },
      waiting_for_payment: { deals: 0, value: 0, overdue_deals: 0, limit_days: 45 },
      cycle: { deals: 0, median_days: null, before_deals: 0, before_median_days: null },
      territories: [],
      attention: { count: 0, items: [] },
    });
    show();

    expect(await screen.findByText('No open opportunities.')).toBeVisible();
    expect(screen.getByText(/^No deal’s revenue was recognised in Q3 2026\./)).toHaveTextContent(
      'Nothing that is invoiced is unpaid.',
    );
    expect(screen.queryByRole('heading', { name: 'Needs attention' })).toBeNull();
  });

  test('where pace and the week before fail, the rest stands and the phases say what is missing', async () => {
    anO2r();
    server.use(
      http.get('/api/o2r/pace', ({ response }) => response(503).json(NO_ANSWER, PROBLEM)),
      http.get('/api/dashboard/risk', ({ response }) => response(503).json(NO_ANSWER, PROBLEM)),
    );
    show();

    const chart = await screen.findByRole('figure', { name: /^Open opportunities by phase/ });
    expect(await screen.findByText(/How many move on could not be computed/)).toBeVisible();
    expect(chart).not.toHaveAccessibleName(/move on/);
    expect(within(chart).queryAllByRole('img')).toEqual([]);
    const strip = screen.getByRole('list', { name: 'Money on its way' });
    expect(within(strip).getByText('5,918,300')).toBeVisible();
    expect(strip).not.toHaveTextContent('611,200');
  });

  test('a failure keeps the frame and offers another try', async () => {
    anO2r();
    server.use(
      http.get('/api/o2r/dashboard', ({ response }) => response(503).json(NO_ANSWER, PROBLEM)),
    );
    show();

    expect(
      await screen.findByText('The way from opportunity to revenue could not be computed'),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try now' })).toBeEnabled();
    expect(screen.getByRole('heading', { name: 'Needs attention' })).toBeVisible();
  });
});

describe('pure parts', () => {
  test('bands are as high as their values and run into each other', () => {
    const bands = bandsOf([100, 50, 0], 300, 100);
    expect(bands.map(({ x, top, bottom }) => [x, top, bottom])).toEqual([
      [0, 0, 100],
      [100, 25, 75],
      [200, 47, 53],
    ]);
    expect(bands[0]?.path).toContain('94 25 L 94 75');
  });

  test('quarters go back over the year', () => {
    expect(quarterOf('2026-08-17')).toBe('2026-Q3');
    expect(quarterBefore('2026-Q1')).toBe('2025-Q4');
    expect(quartersBackFrom('2026-Q2', 3)).toEqual(['2026-Q2', '2026-Q1', '2025-Q4']);
  });

  test('beyond seven territories the smallest are one row', () => {
    const [first] = O2R.territories;
    if (first === undefined) throw new Error('no territory');
    const many = Array.from({ length: 9 }, (_, place) => ({
      ...first,
      territory: `T${place}`,
    }));
    const rows = territoryRows(many);
    expect(rows).toHaveLength(7);
    expect(rows.at(-1)).toMatchObject({ others: 3, deals: 2_412, blocked: 36, green: 1_839 });
    expect(territoryRows(many.slice(0, 7)).every(({ others }) => others === 0)).toBe(true);
  });
});
