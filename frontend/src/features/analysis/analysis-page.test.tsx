import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { currentStatus } from '@/testing/sync-state';
import AnalysisPage from './analysis-page';
import { asked, BASIS, BREAKDOWN, NOW, NUMBERS, serve } from './testing';

const DEFAULTS = 'closing=current_quarter&probability=presales&outcome=open';

const open = (at = '/analysis') => renderApp(<AnalysisPage />, { at, path: '/analysis/:id?' });
const number = async (label: string) => {
  const strip = await screen.findByRole('list', { name: 'Numbers of the pipeline' });
  return within(strip)
    .getAllByRole('listitem')
    .find((item) => item.textContent.startsWith(label));
};
function must<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw new Error('it is not on the page');
  return found;
}
const pivot = () => screen.findByRole('table', { name: 'By country' });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('writes its own limits into the address and asks by them', async () => {
  serve();
  const { address } = open();

  await pivot();
  expect(address()).toBe(`/analysis?${DEFAULTS}`);
  expect(asked.get('numbers')?.toString()).toBe(
    'closing=current_quarter&probability=presales&outcome=open',
  );
  for (const chip of [
    'Closing Current quarter',
    'Probability Presales, 40 to 70 %',
    'Outcome Open',
  ]) {
    expect(screen.getByRole('button', { name: chip })).toBeVisible();
  }
});

it('says how many deals, in which currency, by which rates, and what clashes', async () => {
  serve();
  open();

  expect(
    await screen.findByText(/^214 deals · values in SGD, CRM rates of (16 Aug|Aug 16)/),
  ).toBeVisible();
  expect(
    screen.getByRole('link', { name: '2 of these deals have open conflicts, S$ 3.21 M' }),
  ).toHaveAttribute(
    'href',
    `/deals?closing=current_quarter&probability=presales&outcome=open&state=conflict`,
  );
});

it('tells five numbers with their change; each opens its deals', async () => {
  serve();
  open();

  await pivot();
  await waitFor(async () => {
    expect(await number('Pipeline value')).toHaveTextContent(
      'Pipeline valueS$48,615,240+2,140,000+4.6%',
    );
  });
  expect(await number('Qualified deals')).toHaveTextContent('Qualified deals214+9+4.4%');
  expect(await number('Average deal size')).toHaveTextContent('S$227,174+466+0.2%');
  expect(await number('Average probability')).toHaveTextContent('54.3%+0.6 pt');
  expect(await number('Weighted')).toHaveTextContent('S$26,989,605+1,306,420+5.1%');
  const link = within(must(await number('Qualified deals'))).getByRole('link');
  expect(link).toHaveAttribute(
    'href',
    '/deals?closing=current_quarter&probability=presales&outcome=open',
  );
  expect(
    await screen.findByRole('img', {
      name: 'Pipeline value, 2 points: from 46,475,240 to 48,615,240',
    }),
  ).toBeInTheDocument();
  // Nothing is known of the average size: a line of it would be made up.
  expect(screen.queryByRole('img', { name: /^Average deal size/ })).toBeNull();
});

it('lets a filter that always stands be opened to all, never taken away', async () => {
  serve();
  const { user, address } = open();
  await pivot();

  expect(screen.queryByRole('button', { name: 'Remove the filter Closing' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Closing Current quarter' }));
  await user.click(await screen.findByRole('button', { name: 'All time' }));
  expect(address()).toBe('/analysis?probability=presales&outcome=open&closing=all');
  await user.click(screen.getByRole('button', { name: 'Outcome Open' }));
  await user.click(await screen.findByRole('checkbox', { name: 'Open' }));
  expect(address()).toBe('/analysis?probability=presales&closing=all&outcome=all');
  await waitFor(() => {
    expect(asked.get('numbers')?.toString()).toBe('closing=all&probability=presales');
  });
});

it('searches by words that F adds, and clears what was added', async () => {
  serve();
  const { user, address } = open();
  await pivot();

  await user.click(screen.getByRole('button', { name: 'Filter' }));
  await user.click(await screen.findByRole('option', { name: 'Text' }));
  await user.type(await screen.findByLabelText('Words in name, account or owner'), 'metro{Enter}');
  expect(address()).toBe(`/analysis?${DEFAULTS}&q=metro`);
  await user.click(screen.getByRole('button', { name: 'Remove the filter Text' }));
  expect(address()).toBe(`/analysis?${DEFAULTS}`);
});

it('shows rows against columns with totals and what they were; figures open their deals', async () => {
  serve();
  open();

  const table = await pivot();
  const heads = within(table)
    .getAllByRole('columnheader')
    .map(({ textContent }) => textContent);
  expect(heads).toEqual([
    'Country',
    'Deals',
    'Proposal',
    'Negotiation',
    'Total',
    expect.stringMatching(/^Against (10 Aug|Aug 10)$/),
    'Weighted',
    'Weighted %',
  ]);
  const cells = (row: number) =>
    within(must(within(table).getAllByRole('row')[row]))
      .getAllByRole('cell')
      .map(({ textContent }) => textContent);
  expect(cells(1)).toEqual([
    '62',
    '4,282,152',
    '5,887,959',
    '10,170,111',
    '+4.1%',
    '5,085,056',
    '50.0%',
  ]);
  expect(cells(2).slice(1, 5)).toEqual(['', '71,460', '71,460', '−8.2%']);
  expect(cells(3).slice(3, 5)).toEqual(['90,000', 'new']);
  expect(cells(4).slice(0, 4)).toEqual(['72', '4,372,152', '5,959,419', '10,331,571']);

  const link = within(table).getByRole('link', { name: '4,282,152' });
  expect(link).toHaveAttribute(
    'href',
    '/deals?closing=current_quarter&probability=presales&country=Singapore&stage=Proposal&outcome=open',
  );
  expect(link.closest('td')?.style.getPropertyValue('--heat')).toBe('25.8%');
  // What filters cannot say opens nothing.
  expect(within(table).queryByRole('link', { name: '90,000' })).toBeNull();
  expect(within(table).queryByRole('button', { name: '4 more' })).toBeNull();
});

it('opens a row into the next dimension and that into its deals, and keeps it in the address', async () => {
  serve();
  const deals = vi.fn();
  server.use(
    http.get('/api/deals', ({ request, response }) => {
      deals(new URL(request.url).search);
      return response(200).json({
        items: [],
        limit: 10,
        offset: 0,
        has_more: false,
      });
    }),
  );
  const { user, address } = open();
  const table = await pivot();

  await user.click(within(table).getByRole('button', { name: 'Singapore' }));
  expect(address()).toBe(`/analysis?${DEFAULTS}&open=%7ESingapore`);
  const owner = await within(table).findByRole('button', { name: 'Priya Menon' });
  expect(asked.get('breakdown')?.get('rows')).toBe('owner');
  expect(asked.get('breakdown')?.getAll('country')).toEqual(['Singapore']);
  const row = owner.closest('tr');
  // Under the columns of the whole table: there is no Proposal among Priya's.
  expect(
    within(must(row))
      .getAllByRole('cell')
      .map(({ textContent }) => textContent)
      .slice(0, 4),
  ).toEqual(['28', '', '5,887,959', '5,887,959']);

  await user.click(owner);
  await waitFor(() => {
    expect(deals).toHaveBeenCalledOnce();
  });
  const search = new URLSearchParams(String(deals.mock.calls[0]?.[0]));
  expect([search.get('country'), search.get('owner'), search.get('sort')]).toEqual([
    'Singapore',
    '21',
    '-value',
  ]);
  await user.click(within(table).getByRole('button', { name: 'Singapore' }));
  await waitFor(() => {
    expect(within(table).queryByRole('button', { name: 'Priya Menon' })).toBeNull();
  });
});

it('lays the pivot out anew by its three chips', async () => {
  serve();
  const { user, address } = open();
  await pivot();

  await user.click(screen.getByRole('button', { name: 'Measure Pipeline value' }));
  await user.click(await screen.findByRole('option', { name: 'Win rate' }));
  expect(address()).toBe(`/analysis?${DEFAULTS}&measure=win_rate`);
  // Of closed deals, the stage says nothing; the columns give way.
  expect(await screen.findByRole('button', { name: 'Columns None' })).toBeVisible();
  await waitFor(() => {
    expect(asked.get('breakdown')?.has('columns')).toBe(false);
  });
  await user.click(screen.getByRole('button', { name: 'Rows Country' }));
  expect(screen.queryByRole('option', { name: 'Stage' })).toBeNull();
  await user.click(await screen.findByRole('option', { name: 'Account manager' }));
  expect(address()).toBe(`/analysis?${DEFAULTS}&measure=win_rate&rows=owner`);
});

it('compares with another moment and looks back to one', async () => {
  serve({ numbers: { basis: { ...BASIS, is_past: true, conflicts: null } } });
  const at = `/analysis?${DEFAULTS}&as_of=2026-08-12T00:00:00Z&compared_with=2026-08-01T00:00:00Z`;
  const { user, address } = open(at);

  const table = await pivot();
  expect(asked.get('numbers')?.get('as_of')).toBe('2026-08-12T00:00:00Z');
  expect(asked.get('breakdown')?.get('compared_with')).toBe('2026-08-01T00:00:00Z');
  expect(screen.getByText(/^Figures as they stood (on|today at)/)).toBeVisible();
  expect(within(table).getByRole('link', { name: '62' })).toHaveAttribute(
    'href',
    '/deals?closing=current_quarter&probability=presales&country=Singapore&outcome=open&as_of=2026-08-12T00%3A00%3A00Z',
  );
  await user.click(screen.getByRole('button', { name: 'Back to now' }));
  expect(address()).toBe(`/analysis?${DEFAULTS}&compared_with=2026-08-01T00%3A00%3A00Z`);
});

it('says why nothing is compared, and leaves the changes out', async () => {
  const why = 'Sync status has no history, so deals chosen by it cannot be compared.';
  const alone = { then: null, absolute: null, relative: null };
  const comparison = { compared_with: null, is_cut: false, missing_because: why };
  serve({
    numbers: {
      comparison,
      value: { ...alone, now: 48_615_240 },
      deals: { ...alone, now: 214 },
      average_probability: { ...alone, now: null },
    },
    breakdown: { ...BREAKDOWN, comparison },
  });
  open();

  expect(await screen.findByText(`Not compared. ${why}`)).toBeVisible();
  expect(await number('Pipeline value')).toHaveTextContent(/^Pipeline valueS\$48,615,240$/);
  expect(await number('Average probability')).toHaveTextContent(/^Average probability–$/);
  expect(within(await pivot()).queryByRole('columnheader', { name: /^Against/ })).toBeNull();
});

it('names what has no rate and shows it', async () => {
  serve({
    numbers: { basis: { ...BASIS, without_rate: [{ currency: 'LKR', deals: 3 }] } },
  });
  open();

  expect(
    await screen.findByText(/3 deals in LKR have no rate and are not in this total./),
  ).toBeVisible();
  expect(screen.getByRole('link', { name: 'Show them' })).toHaveAttribute(
    'href',
    '/deals?closing=current_quarter&probability=presales&outcome=open&currency=LKR',
  );
});

it('says that nothing was found, and clears the filters to the defaults', async () => {
  serve({
    numbers: { deals: { ...NUMBERS.deals, now: 0 } },
    breakdown: { ...BREAKDOWN, columns: [], rows: [] },
  });
  const { user, address } = open('/analysis?country=Nowhere&closing=all');

  expect(await screen.findByText(/No deals match these filters/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Clear filters' }));
  await waitFor(() => {
    expect(address()).toBe(`/analysis?${DEFAULTS}`);
  });
});

it('keeps the other panels when one fails', async () => {
  serve();
  server.use(
    http.get('/api/analysis/breakdown', ({ response }) =>
      response(503).json({
        type: 'urn:pulse:problem:database_busy',
        title: 'Database busy',
        status: 503,
        detail: 'The database did not answer within 10 s.',
        code: 'database_busy',
        fix: null,
        errors: null,
      }),
    ),
  );
  open();

  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('The breakdown could not be computed');
  expect(alert).toHaveTextContent('The other panels are not affected.');
  expect(await number('Qualified deals')).toHaveTextContent('214');
  expect(await screen.findByRole('link', { name: 'Priya Menon' })).toBeVisible();
});

it('says once why a question is refused, and the way out', async () => {
  serve();
  server.use(
    http.get('/api/analysis/numbers', ({ response }) =>
      response(400).json({
        type: 'urn:pulse:problem:invalid_filter',
        title: 'Invalid input',
        status: 400,
        detail: 'state: it is known of now only, so it cannot choose deals of the past.',
        code: 'invalid_filter',
        fix: 'Leave this filter out.',
        errors: null,
      }),
    ),
  );
  const { user, address } = open(`/analysis?${DEFAULTS}&as_of=2026-08-10T00:00:00Z&state=conflict`);

  expect(await screen.findByText(/it is known of now only/)).toBeVisible();
  await waitFor(() => {
    expect(screen.queryByRole('table')).toBeNull();
  });
  await user.click(screen.getByRole('button', { name: 'Back to now' }));
  expect(address()).toBe(`/analysis?${DEFAULTS}&state=conflict`);
});

it('tells of account managers: deals, value, wins, and all of them in a drawer', async () => {
  serve();
  const { user } = open();

  const table = await screen.findByRole('table', { name: 'Account managers' });
  const rows = within(table)
    .getAllByRole('row')
    .map(({ textContent }) => textContent);
  expect(rows).toEqual([
    'NameDealsS$Win rate',
    'Priya Menon288,204,60041%',
    'Arjun Mehta inactive28100–',
  ]);
  expect(within(table).getByRole('link', { name: 'Priya Menon' })).toHaveAttribute(
    'href',
    '/deals?closing=current_quarter&probability=presales&outcome=open&owner=21',
  );
  await user.click(screen.getByRole('button', { name: 'All 3' }));
  const all = await screen.findByRole('table', { name: 'All account managers' });
  expect(within(all).getByRole('row', { name: /^Priya Menon/ })).toHaveTextContent(
    'Priya Menon288,204,600293,02155.2%4,528,93941%Singapore +3',
  );
  expect(within(all).getByRole('row', { name: /^Wei Ling Koh/ })).toBeVisible();
});

it('marks what is old', async () => {
  serve();
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) =>
      response(200).json(currentStatus({ condition: 'stale', data_at: '2026-08-16T22:27:00Z' })),
    ),
  );
  open();
  await waitFor(async () => {
    expect(await number('Pipeline value')).toHaveTextContent(/as of .*22:27/);
  });
});

it('shows how the same deals moved, and offers page and deals as files', async () => {
  serve();
  const { user } = open(`/analysis?${DEFAULTS}&country=India&compared_with=2026-08-01T00:00:00Z`);

  expect(await screen.findByRole('figure', { name: /It went up by SGD 2,140,000/ })).toBeVisible();
  expect(asked.get('movement')?.getAll('country')).toEqual(['India']);
  expect(asked.get('movement')?.get('compared_with')).toBe('2026-08-01T00:00:00Z');
  expect(screen.getByRole('button', { name: 'Export' })).toBeEnabled();
  await user.click(
    within(screen.getByRole('region', { name: 'Movement' })).getByRole('button', {
      name: 'Show as table',
    }),
  );
  expect(screen.getByRole('button', { name: 'Show as chart' })).toBeVisible();
});
