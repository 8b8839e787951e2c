import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import DashboardPage from './dashboard-page';
import {
  aMorning,
  ATTENTION,
  change,
  changed,
  CURRENT,
  FAILING,
  MOVEMENT,
  NOW,
  NUMBERS,
  REVENUE,
  RISK,
  UNCONNECTED,
} from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (role: 'viewer' | 'editor' | 'admin' = 'editor') =>
  renderApp(<DashboardPage />, { role });

const lede = (): Promise<HTMLElement> =>
  screen.findByText(/since|changed|needs? you|wait|Nothing needs/i, { selector: 'header p' });

const numbers = async (): Promise<HTMLElement> => {
  await screen.findByText('48,615,241', { selector: 'ul *' });
  return screen.getByRole('list', { name: 'What the pipeline is worth' });
};

const addressOf = (link: HTMLElement): URL =>
  new URL(link.getAttribute('href') ?? '', 'http://localhost');

const DEFAULTS = '?closing=current_quarter&probability=presales&outcome=open';

const problem = (detail: string) => ({
  type: 'urn:pulse:problem:database_slow',
  title: 'Database too slow',
  status: 503,
  detail,
  code: 'database_slow',
  fix: null,
  errors: null,
});

describe('which pipeline is meant', () => {
  test('stands in the address, with the page’s own limits written out', async () => {
    const asked: URL[] = [];
    aMorning({ asked });
    const { address } = show();

    await numbers();
    await waitFor(() => {
      expect(address()).toBe(`/${DEFAULTS}`);
    });
    const searchOf = (end: string) => asked.find(({ pathname }) => pathname.endsWith(end))?.search;
    expect(searchOf('/numbers')).toBe('?closing=current_quarter&probability=presales&outcome=open');
    expect(searchOf('/movement')).toBe(searchOf('/numbers'));
    // Deals of any phase: a late one closed in a quarter that is over.
    expect(searchOf('/attention')).toBe('');
    expect(searchOf('/risk')).toBe('');
    expect(searchOf('/revenue')).toBe('');
  });

  test('other filters of an address are shown and hold for every panel', async () => {
    const asked: URL[] = [];
    aMorning({ asked });
    server.use(
      http.get('/api/deals/facets', ({ response }) =>
        response(200).json({ values: [{ value: 'India', label: 'India', count: 3 }] } as never),
      ),
    );
    const { user, address } = renderApp(<DashboardPage />, {
      role: 'editor',
      at: '/?country=India&compared_with=2026-08-01T00:00:00Z&as_of=2026-08-02T00:00:00Z',
    });

    await numbers();
    for (const { pathname, searchParams } of asked) {
      expect([pathname, searchParams.getAll('country')]).toEqual([pathname, ['India']]);
      expect([pathname, searchParams.get('as_of')]).toEqual([pathname, null]);
    }
    const risk = asked.find(({ pathname }) => pathname.endsWith('/risk'));
    expect(risk?.searchParams.get('compared_with')).toBe('2026-08-01T00:00:00Z');
    const needy = addressOf(await screen.findByRole('link', { name: '6 deals need you' }));
    expect(needy.search).toBe('?country=India&attention=true');
    expect(screen.getByRole('heading', { name: 'What moved' })).toBeInTheDocument();

    await user.click(screen.getByRole('button', { name: 'Remove the filter Country' }));
    await waitFor(() => {
      expect(address()).not.toContain('country');
    });
  });

  test('is told by chips, and chosen there', async () => {
    aMorning();
    const { user, address } = show();

    const chips = screen.getByRole('group', { name: 'Which pipeline' });
    expect(await within(chips).findByRole('button', { name: 'Closing Q3 2026' })).toBeVisible();
    expect(within(chips).getByRole('button', { name: 'Outcome Open' })).toBeVisible();
    expect(within(chips).getByRole('button', { name: /^Compared with .*10/ })).toBeVisible();
    await user.click(
      within(chips).getByRole('button', { name: 'Probability Presales, 40 to 70 %' }),
    );
    await user.click(await screen.findByRole('checkbox', { name: 'All, 0 to 100 %' }));
    expect(address()).toBe('/?closing=current_quarter&outcome=open&probability=all');
  });
});

test('a question that is refused is told once, with a way out', async () => {
  aMorning();
  server.use(
    http.get('/api/analysis/numbers', ({ response }) =>
      response(400).json({
        ...problem('compared_with: history begins on 1 August.'),
        status: 400,
        code: 'invalid_moment',
      }),
    ),
  );
  const { user, address } = renderApp(<DashboardPage />, {
    at: '/?compared_with=2020-01-01T00:00:00Z',
  });

  expect(await screen.findByText(/history begins on 1 August/)).toBeInTheDocument();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByText('In sync')).toBeInTheDocument();
  aMorning();
  await user.click(screen.getByRole('link', { name: 'Back to the usual pipeline' }));
  await numbers();
  expect(address()).toBe(`/${DEFAULTS}`);
});

describe('the morning line', () => {
  test('tells how the pipeline moved since the same weekday and what needs a person', async () => {
    aMorning();
    show();

    expect(await lede()).toHaveTextContent(
      /^Pipeline is up S\$ 2\.14 M since last Monday: 18 new deals, 4 won, 9 pushed out\. 6 deals need you, 3 conflicts wait\.$/,
    );
  });

  test('leads to what it speaks of', async () => {
    aMorning();
    show();

    const needy = addressOf(await screen.findByRole('link', { name: '6 deals need you' }));
    expect(needy.pathname + needy.search).toBe('/o2r/opportunities?attention=true');
    const conflicts = addressOf(screen.getByRole('link', { name: '3 conflicts' }));
    expect(conflicts.pathname + conflicts.search).toBe('/sync-status?tab=conflicts');
    const pipeline = addressOf(screen.getByRole('link', { name: 'S$ 2.14 M' }));
    expect(pipeline.pathname + pipeline.search).toBe(`/deals${DEFAULTS}`);
  });

  test('leads from what waits for the CRM to the deals that wait', async () => {
    aMorning({ current: { ...CURRENT, pending_changes: 4 } });
    show();

    const waiting = addressOf(await screen.findByRole('link', { name: '4 waiting for sync' }));
    expect(waiting.pathname + waiting.search).toBe('/deals?state=pending');
  });

  test('says so where history is shorter than a week, and where nothing is to do', async () => {
    aMorning({
      current: { ...CURRENT, conflicts: 0 },
      numbers: {
        ...NUMBERS,
        comparison: {
          compared_with: '2026-08-17T00:10:00Z',
          is_cut: true,
          missing_because: null,
        },
        value: changed(48_615_240.5, 0.3, 0),
      },
      movement: { ...MOVEMENT, buckets: [] },
      attention: { ...ATTENTION, count: 0, items: [], own: null },
    });
    show();

    expect(await lede()).toHaveTextContent(
      /^The value of the pipeline has not changed since [\d:]+, when our history begins\. Nothing needs you (this morning|now)\.$/,
    );
    expect(screen.getAllByText(/^Nothing needs you (this morning|now)\.$/)).toHaveLength(1);
  });

  test('does without a part that failed', async () => {
    aMorning();
    server.use(
      http.get('/api/analysis/movement', ({ response }) =>
        response(503).json(problem('The database did not answer within 10 s.')),
      ),
    );
    show();

    expect(await lede()).toHaveTextContent(
      /^Pipeline is up S\$ 2\.14 M since last Monday\. 6 deals need you, 3 conflicts wait\.$/,
    );
  });
});

describe('the numbers', () => {
  test('are told in full with their change, and open their deals', async () => {
    aMorning();
    show();

    const strip = await numbers();
    expect(within(strip).getByText('+2,140,000')).toHaveAttribute('data-direction', 'up');
    expect(within(strip).getByText('+4.6%')).toBeInTheDocument();
    expect(within(strip).getByText('−1,306,420')).toHaveAttribute('data-direction', 'down');
    expect(within(strip).getByText('−5.1%')).toBeInTheDocument();
    expect(await within(strip).findByText('+742,800')).toBeInTheDocument();
    expect(within(strip).getByText('Revenue realised, Q3')).toBeInTheDocument();
    expect(
      await within(strip).findByRole('img', {
        name: 'Qualified deals, 8 points: from 205 to 214',
      }),
    ).toBeInTheDocument();
    const link = addressOf(within(strip).getByRole('link', { name: /48,615,241/ }));
    expect(link.pathname + link.search).toBe(`/deals${DEFAULTS}`);
    const risk = addressOf(await within(strip).findByRole('link', { name: /5,918,300/ }));
    expect(risk.pathname + risk.search).toBe('/o2r/opportunities?health=blocked&health=red');
    expect(within(strip).getByText('+611,200')).toBeInTheDocument();
    expect(within(strip).getByText('23 deals')).toBeInTheDocument();
  });

  test('open the deals whose revenue was recognised', async () => {
    const asked: URL[] = [];
    aMorning();
    server.use(
      http.get('/api/dashboard/revenue/deals', ({ request, response }) => {
        asked.push(new URL(request.url));
        return response(200).json({
          count: 1,
          limit: 50,
          offset: 0,
          has_more: false,
          items: [
            {
              id: '77',
              name: 'Hospital data lake',
              account: 'Straits Port Services',
              owner: 'Mei Tan',
              on: '2026-08-12',
              probability: 100,
              value: 310_200,
            },
          ],
        });
      }),
    );
    const { user } = show();

    await user.click(await screen.findByRole('button', { name: /6,284,917/ }));
    const drawer = await screen.findByRole('dialog', { name: 'Revenue realised, Q3 2026' });
    expect(await within(drawer).findByRole('link', { name: 'Hospital data lake' })).toHaveAttribute(
      'href',
      '/deals/77',
    );
    expect(within(drawer).getByText('41 deals, SGD 6,284,917.00')).toBeVisible();
    expect(within(drawer).getByText(/^Recognised .*12.*2026$/)).toBeVisible();
    expect(asked.map(({ search }) => search)).toEqual([
      '?kind=realised&first=2026-07-01&last=2026-08-17&limit=50&offset=0',
    ]);
  });

  test('name what they leave out for want of a rate, and lead to it', async () => {
    aMorning({
      numbers: {
        ...NUMBERS,
        basis: {
          ...NUMBERS.basis,
          without_rate: [
            { currency: 'LKR', deals: 3 },
            { currency: null, deals: 1 },
          ],
        },
      },
      attention: { ...ATTENTION, undescribed_deals: 2 },
    });
    show();

    const words = '3 deals in LKR and 1 without a currency have no rate and are not in this total.';
    expect(await screen.findAllByRole('img', { name: words })).toHaveLength(2);
    const link = addressOf(screen.getByRole('link', { name: 'Show them' }));
    expect(link.searchParams.getAll('currency')).toEqual(['LKR', '']);
    expect(link.searchParams.get('outcome')).toBe('open');
    expect(
      await screen.findByText(/2 deals in stages that the CRM does not describe are neither open/),
    ).toBeInTheDocument();
  });

  test('say of when they are while syncs fail', async () => {
    aMorning({ current: FAILING });
    show();

    const strip = await numbers();
    await waitFor(() => {
      expect(within(strip).getAllByText(/^as of /)).toHaveLength(5);
    });
    expect(await lede()).toHaveTextContent(
      /^As of .*, pipeline is up S\$ 2\.14 M since last Monday/,
    );
    expect(screen.getByText('Failing')).toBeInTheDocument();
    expect(screen.getByText('Sign-in refused')).toBeInTheDocument();
    expect(screen.getByText('12, kept safe')).toBeInTheDocument();
    expect(screen.getByText('Next try')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Quick Sync' })).toBeDisabled();
    expect(screen.getByText(/^paused at /)).toBeInTheDocument();
    expect(screen.getByText(/in all phases, worst first, as of /)).toBeInTheDocument();
  });

  test('that cannot be compared say why', async () => {
    const none = (now: number) => ({ now, then: null, absolute: null, relative: null });
    aMorning({
      numbers: {
        ...NUMBERS,
        comparison: {
          compared_with: null,
          is_cut: false,
          missing_because: 'There is no history yet.',
        },
        value: none(48_615_240.5),
        weighted: none(1),
        deals: none(2),
      },
      risk: { ...RISK, deals_then: null, value_then: null },
    });
    show();

    await numbers();
    expect(screen.getByText('Not compared. There is no history yet.')).toBeInTheDocument();
    expect(await lede()).toHaveTextContent(/^6 deals need you, 3 conflicts wait\.$/);
  });
});

describe('deals that need somebody', () => {
  test('stand worst first with reason, owner and value, and lead to what to do', async () => {
    aMorning();
    show();

    const table = await screen.findByRole('table', { name: 'Deals that need you' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(6);
    expect(rows[0]).toHaveTextContent(
      /^Grid analyticsKaveri Power Grid · YouBlockedSecurity review, open for 6 daysYou1,806,000$/,
    );
    expect(rows[1]).toHaveTextContent(
      'At riskThe proposal was sent 34 days ago and there is no POMarcus Tan1,350,000',
    );
    expect(rows[4]).toHaveTextContent(/Watch.*–$/);
    expect(within(table).getByRole('link', { name: 'Grid analytics' })).toHaveAttribute(
      'href',
      '/o2r/opportunities/7001',
    );
    expect(within(table).getByTitle(/And 1 more\. Remove the blocker\.$/)).toBeInTheDocument();
    expect(screen.getByText(/^6 in all phases, worst first/)).toBeInTheDocument();
    const own = addressOf(screen.getByRole('link', { name: '1 yours' }));
    expect(own.pathname + own.search).toBe('/o2r/opportunities?attention=true&owner=21');
    expect(screen.getByRole('link', { name: 'All deals that need attention →' })).toHaveAttribute(
      'href',
      '/o2r/opportunities?attention=true',
    );
  });
});

describe('what moved', () => {
  test('is a waterfall that leads on to the analysis of the same pipeline', async () => {
    aMorning();
    show();

    expect(await screen.findByRole('figure', { name: /^It went up by SGD/ })).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'What moved this week' })).toBeInTheDocument();
    const link = addressOf(screen.getByRole('link', { name: 'Open in Analysis →' }));
    expect(link.pathname + link.search).toBe(`/analysis${DEFAULTS}`);
  });
});

describe('stages and countries', () => {
  test('stand as tables whose rows lead to their deals', async () => {
    aMorning();
    show();

    const stages = await screen.findByRole('table', { name: 'Pipeline by stage' });
    const rows = within(stages).getAllByRole('row').slice(1);
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'Needs analysis5210,128,281',
      'Proposal16238,486,960',
      'Total21448,615,241',
    ]);
    const link = addressOf(within(stages).getByRole('link', { name: 'Proposal' }));
    expect(link.searchParams.getAll('stage')).toEqual(['Proposal/Quote']);
    expect(link.searchParams.get('closing')).toBe('current_quarter');
  });

  test('keep deals without a country, and sum up all beyond five', async () => {
    aMorning();
    show();

    const countries = await screen.findByRole('table', { name: 'Pipeline by country' });
    const none = addressOf(within(countries).getByRole('link', { name: 'No country' }));
    expect(none.searchParams.getAll('country')).toEqual(['']);
    expect(within(countries).getByText('2 more').closest('tr')).toHaveTextContent(
      '2 more423,651,701',
    );
    expect(within(countries).queryByRole('link', { name: '2 more' })).toBeNull();
  });

  test('say so where no deal is meant, and lead out of it', async () => {
    aMorning({
      byStage: {
        basis: NUMBERS.basis,
        comparison: NUMBERS.comparison,
        measure: 'value',
        closed: null,
        columns: [],
        rows: [],
        total: {
          deals: 0,
          value: 0,
          weighted: 0,
          weighted_percent: null,
          figure: changed(0, 0, 0),
          cells: [],
        },
      },
    });
    const { user, address } = show();

    expect(await screen.findByText(/^No deals match these filters\./)).toBeInTheDocument();
    await user.click(screen.getByRole('link', { name: 'Clear filters' }));
    expect(address()).toBe('/?closing=all&probability=all&outcome=all');
  });
});

describe('revenue and forecast', () => {
  test('is a chart whose bars open their deals, and a table', async () => {
    const asked: URL[] = [];
    aMorning();
    server.use(
      http.get('/api/dashboard/revenue/deals', ({ request, response }) => {
        asked.push(new URL(request.url));
        return response(200).json({ count: 0, limit: 50, offset: 0, has_more: false, items: [] });
      }),
    );
    const { user } = show();

    const chart = await screen.findByRole('figure', {
      name: 'Revenue and forecast: SGD 17,500,000.00 realised in the 3 months before this one, SGD 33,900,000.00 weighted in 4 months from this one on, most of it in September 2026.',
    });
    await user.click(
      within(chart).getByRole('button', {
        name: 'August 2026, weighted: SGD 4,000,000.00, 9 deals',
      }),
    );
    const drawer = await screen.findByRole('dialog', { name: 'August 2026, weighted' });
    expect(within(drawer).getByText('9 deals, SGD 4,000,000.00 by probability')).toBeVisible();
    await waitFor(() => {
      expect(asked.map(({ search }) => search)).toEqual([
        '?kind=expected&first=2026-08-01&last=2026-08-31&limit=50&offset=0',
      ]);
    });
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });

    await user.click(within(chart).getByRole('button', { name: 'Show as table' }));
    const table = within(chart).getByRole('table', { name: 'Revenue and forecast by month' });
    expect(
      within(table)
        .getAllByRole('row')
        .slice(3, 6)
        .map(({ textContent }) => textContent),
    ).toEqual([
      'July 20264,100,000–',
      'August 20262,100,0004,000,000',
      'September 2026–14,200,000',
    ]);
  });
});

describe('Live CRM', () => {
  test('tells the state of the mirror and the day’s runs', async () => {
    aMorning();
    show();

    expect(await screen.findByText('In sync')).toBeInTheDocument();
    expect(screen.getByText(/· 18 deals changed$/)).toBeInTheDocument();
    expect(screen.getByText('40 s old')).toBeInTheDocument();
    expect(screen.getByText('in 14 min')).toBeInTheDocument();
    expect(screen.getByText('4 waiting for sync')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: '3 need a decision' })).toBeInTheDocument();
    expect(await screen.findByText('96 runs, 1,204 changes, 1 failed')).toBeInTheDocument();
  });

  test('starts a quick sync for those who may, and no other role sees the button', async () => {
    aMorning();
    let started = 0;
    server.use(
      http.post('/api/live-sync/sync/incremental', ({ response }) => {
        started += 1;
        return response(202).json({
          message: 'Incremental sync of Deals started.',
          session_id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11',
          status: 'pending',
          sync_since: null,
          note: null,
        });
      }),
    );
    const { user, unmount } = show('editor');
    await screen.findByText('In sync');
    await user.click(screen.getByRole('button', { name: 'Quick Sync' }));
    await waitFor(() => {
      expect(started).toBe(1);
    });
    unmount();

    show('viewer');
    await screen.findByText('In sync');
    expect(screen.queryByRole('button', { name: 'Quick Sync' })).toBeNull();
  });
});

describe('recent changes', () => {
  test('name deal, side, field, from and to', async () => {
    aMorning({
      changes: () => [
        change(3, { kind: 'created', changes: [] }),
        change(2, { side: 'local' }),
        change(1, { kind: 'deleted', by: null, changes: [] }),
      ],
    });
    show();

    await screen.findByRole('link', { name: 'Deal number 3' });
    expect(rowsOfFeed()).toEqual([
      'Deal number 3CRMNew deal, Nurul Aisyah',
      'Deal number 2LocalAmount IDR 17,200,000 → IDR 19,800,000+1',
      'Deal number 1CRMNot shown to us any more',
    ]);
    expect(screen.getByRole('link', { name: 'Deal number 2' })).toHaveAttribute(
      'href',
      '/deals/9002',
    );
  });

  test('can be paused, and go on with what arrived meanwhile', async () => {
    let entries = [change(1)];
    aMorning({ changes: () => entries });
    const { user } = show();
    await screen.findByRole('link', { name: 'Deal number 1' });
    await user.click(screen.getByRole('button', { name: 'Pause feed' }));
    expect(screen.getByText(/^paused at [\d:]+$/)).toBeInTheDocument();

    entries = [change(2), change(1)];
    lookAwayAndBack();
    expect(await screen.findByText(/^paused at [\d:]+, 1 new$/)).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Deal number 2' })).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Go on' }));
    const arrived = screen.getByRole('link', { name: 'Deal number 2' });
    expect(arrived.closest('li')).toHaveAttribute('data-new');
    expect(screen.getByText('as they arrive')).toBeInTheDocument();
    await waitFor(() => {
      expect(arrived.closest('li')).not.toHaveAttribute('data-new');
    });
  });

  test('say so where nothing has changed yet', async () => {
    aMorning({ changes: () => [] });
    show();

    expect(
      await screen.findByText('No deal has changed since the first full sync.'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Pause feed' })).toBeNull();
  });
});

test('without revenue to tell of, the forecast says so', async () => {
  const months = REVENUE.months.map(({ expected, ...month }) => ({
    ...month,
    realised: { deals: 0, value: 0 },
    expected: expected && { deals: 0, value: 0, weighted: 0 },
  }));
  aMorning({ revenue: { ...REVENUE, months } });
  show();

  expect(
    await screen.findByText(
      'No revenue was recognised in these months, and no open deal closes in them.',
    ),
  ).toBeInTheDocument();
});

describe('a part that fails', () => {
  const away = 'The database did not answer within 10 s.';

  test('says what failed and keeps the others', async () => {
    aMorning();
    server.use(
      http.get('/api/analysis/movement', ({ response }) => response(503).json(problem(away))),
    );
    const { user } = show();

    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The movement could not be computed');
    expect(alert).toHaveTextContent(
      /The database did not answer within 10 s\. The other panels are not affected\. Trying again in \d s\./,
    );
    expect(within(alert).getByRole('button', { name: 'Copy details' })).toBeInTheDocument();
    await numbers();
    expect(await screen.findByText('In sync')).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Deals that need you' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Deal number 1' })).toBeInTheDocument();

    aMorning();
    await user.click(within(alert).getByRole('button', { name: 'Try now' }));
    expect(await screen.findByRole('figure', { name: /^It went up/ })).toBeInTheDocument();
  });

  test('is one number of five where only one failed', async () => {
    aMorning();
    server.use(
      http.get('/api/dashboard/risk', ({ response }) => response(503).json(problem(away))),
    );
    const { user } = show();

    const strip = await numbers();
    expect(await within(strip).findByText('Not computed.')).toBeInTheDocument();
    aMorning();
    await user.click(within(strip).getByRole('button', { name: 'Try now' }));
    expect(await within(strip).findByText('5,918,300')).toBeInTheDocument();
  });

  test('does not take the page with it, whichever it is', async () => {
    aMorning();
    server.use(
      http.get('/api/dashboard/attention', ({ response }) => response(503).json(problem(away))),
      http.get('/api/dashboard/revenue', ({ response }) => response(503).json(problem(away))),
      http.get('/api/analysis/breakdown', ({ response }) => response(503).json(problem(away))),
      http.get('/api/analysis/numbers', ({ response }) => response(503).json(problem(away))),
    );
    show();

    await waitFor(() => {
      expect(
        screen.getAllByRole('alert').map((each) => each.querySelector('p')?.textContent),
      ).toEqual([
        'The deals that need you could not be found',
        'The pipeline by stage could not be computed',
        'The pipeline by country could not be computed',
        'Revenue and forecast could not be computed',
      ]);
    });
    expect(screen.getAllByText('Not computed.')).toHaveLength(4);
    expect(await lede()).toHaveTextContent(/^3 conflicts wait\.$/);
    expect(await screen.findByRole('figure', { name: /^It went up/ })).toBeInTheDocument();
  });
});

describe('before anything was loaded', () => {
  test('an admin is led to connect', async () => {
    aMorning({ current: UNCONNECTED });
    show('admin');

    expect(
      await screen.findByRole('heading', { name: 'Welcome to Pipeline Pulse' }),
    ).toBeInTheDocument();
    expect(screen.getByText('Qualified deals')).toBeInTheDocument();
    expect(screen.getByText('What moved this week')).toBeInTheDocument();
    expect(
      screen.getByText(
        'Three steps, about five minutes. Then this page shows what your pipeline is worth and what moved.',
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Connect to Zoho' })).toHaveAttribute(
      'href',
      '/crm-sync',
    );
    expect(screen.getByText('10,000 deals take a few seconds')).toBeInTheDocument();
  });

  test('others read who has to connect', async () => {
    aMorning({ current: UNCONNECTED });
    show('editor');

    expect(
      await screen.findByText('An admin has to connect the CRM first: Daniel Koh.'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Connect to Zoho' })).toBeNull();
  });

  test('a connected admin is led to the first full sync once all fields are found', async () => {
    aMorning({ current: { ...UNCONNECTED, condition: 'never_synced' } });
    fieldsMissing([]);
    show('admin');

    expect(await screen.findByText('All 23 fields found')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Run the first full sync' })).toHaveAttribute(
      'href',
      '/live-sync?action=full',
    );
  });

  test('missing fields come first', async () => {
    aMorning({ current: { ...UNCONNECTED, condition: 'never_synced' } });
    fieldsMissing(['OCH_Revenue', 'Country']);
    show('admin');

    expect(await screen.findByRole('link', { name: 'Check the field map' })).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Run the first full sync' })).toBeNull();
  });
});

function rowsOfFeed(): (string | null)[] {
  return screen
    .getAllByRole('listitem')
    .filter((item) => item.querySelector('time') !== null)
    .map((item) => item.lastElementChild?.textContent ?? null);
}

/** What is old is asked again when the reader comes back to the page. */
function lookAwayAndBack(): void {
  vi.setSystemTime(NOW.getTime() + 31_000);
  window.dispatchEvent(new Event('visibilitychange'));
}

function fieldsMissing(missing: string[]): void {
  server.use(
    http.get('/api/crm/fields/metadata', ({ response }) =>
      response(200).json({
        required_fields_status: {
          available: [],
          missing,
          validation_passed: missing.length === 0,
        },
      } as never),
    ),
  );
}
