import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import DealsPage from './deals-page';
import { asked, row, serve, withTable } from './testing';

withTable();

const grid = () => screen.findByRole('grid', { name: 'Deals' });
const rowOf = async (name: string) => {
  const link = await screen.findByRole('link', { name });
  const found = link.closest<HTMLElement>('[role=row]');
  if (found === null) throw new Error(`${name} is in no row`);
  return found;
};

it('draws the rows on screen only, and says how many there are', async () => {
  serve();
  renderApp(<DealsPage />, { at: '/deals' });

  const first = await rowOf('Deal number 0');
  expect(within(first).getByText('Proposal')).toBeVisible();
  expect(within(first).getByText('1,250')).toHaveAttribute(
    'title',
    "USD 1,000.00 × 1.25, the deal's own rate",
  );
  expect(await screen.findByText('250 of 48,210')).toBeVisible();
  expect(await grid()).toHaveAttribute('aria-rowcount', '251');
  expect(screen.getAllByRole('link', { name: /^Deal number/ }).length).toBeLessThan(60);
  expect(screen.queryByRole('link', { name: 'Deal number 200' })).toBeNull();
});

it('adds up all deals at its foot, and says which are without a rate', async () => {
  serve({ summary: { without_rate: [{ currency: 'LKR', count: 3 }] } });
  const { user, address } = renderApp(<DealsPage />, { at: '/deals?stage=Won&currency=USD' });

  const foot = await screen.findByRole('contentinfo');
  await waitFor(() => {
    expect(foot).toHaveTextContent('All250WeightedS$ 156,250TotalS$ 312,500');
  });
  expect(foot).toHaveTextContent('3 deals in LKR have no rate and are not in this total.');
  await user.click(within(foot).getByRole('link', { name: 'Show them' }));
  expect(address()).toBe('/deals?stage=Won&currency=LKR');
});

it('shows what has no rate or closed late as such, not by colour alone', async () => {
  serve({
    rows: [row(1, { value: null, currency: 'LKR', rate_source: null, closing_date: '2026-08-14' })],
  });
  renderApp(<DealsPage />, { at: '/deals' });

  const found = await rowOf('Deal number 1');
  expect(within(found).getByText('No rate')).toBeVisible();
  await waitFor(() => {
    expect(within(found).getByTitle('The closing date has passed')).toBeVisible();
  });
});

it('shows the deals of a past moment, where nothing can be selected or edited', async () => {
  serve({
    rows: [row(1, { state: null })],
    summary: { is_past: true, conflicts: null, history_began: '2026-03-02T09:30:00Z' },
  });
  const { user, address } = renderApp(<DealsPage />, {
    at: '/deals?sort=state&columns=state,name,crm.Seats&as_of=2026-03-10T00:00:00Z',
  });

  const found = await rowOf('Deal number 1');
  expect(screen.getByText(/^Deals as they stood .*Nothing can be edited here\./)).toBeVisible();
  expect(within(found).queryByRole('checkbox')).toBeNull();
  expect(screen.queryByRole('columnheader', { name: 'Seats' })).toBeNull();
  await user.dblClick(within(found).getByRole('gridcell', { name: 'Deal number 1' }));
  expect(screen.queryByRole('textbox', { name: 'Deal' })).toBeNull();
  const [first] = asked;
  expect(first?.get('as_of')).toBe('2026-03-10T00:00:00Z');
  expect(first?.get('sort')).toBe('-changed_at');
  expect(first?.getAll('columns')).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Back to now' }));
  await waitFor(() => {
    expect(asked.at(-1)?.has('as_of')).toBe(false);
  });
  expect(asked.at(-1)?.get('sort')).toBe('state');
  expect(address()).not.toContain('as_of');
});

it('goes back in time by the chip', async () => {
  serve({ summary: { history_began: '2020-03-02T09:30:00Z' } });
  const { user, address } = renderApp(<DealsPage />, { at: '/deals' });

  await rowOf('Deal number 0');
  await user.click(screen.getByRole('button', { name: 'As of now' }));
  await user.click(await screen.findByRole('button', { name: /^A week ago/ }));
  await waitFor(() => {
    expect(asked.at(-1)?.get('as_of')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
  });
  expect(address()).toMatch(/^\/deals\?as_of=/);
});

it('orders by a press on a head and keeps the order in the address', async () => {
  serve();
  const { user, address } = renderApp(<DealsPage />, { at: '/deals' });
  await rowOf('Deal number 0');
  expect(asked.at(-1)?.get('sort')).toBe('-changed_at');

  await user.click(screen.getByRole('button', { name: 'S$' }));
  expect(address()).toBe('/deals?sort=value');
  await waitFor(() => {
    expect(asked.at(-1)?.get('sort')).toBe('value');
  });
  await waitFor(() => {
    expect(screen.getByRole('columnheader', { name: 'S$' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
  });
});

it('searches as one types, after the slash', async () => {
  serve();
  const { user, address } = renderApp(<DealsPage />, { at: '/deals?stage=Won' });
  await rowOf('Deal number 0');

  await user.keyboard('/');
  expect(screen.getByRole('searchbox')).toHaveFocus();
  await user.keyboard('orchid');
  await waitFor(() => {
    expect(address()).toBe('/deals?stage=Won&q=orchid');
  });
  await waitFor(() => {
    expect(asked.at(-1)?.toString()).toContain('q=orchid&stage=Won');
  });
});

it('sets a filter that F offers, and takes it away again', async () => {
  serve();
  const { user, address } = renderApp(<DealsPage />, { at: '/deals' });
  await rowOf('Deal number 0');

  await user.keyboard('f');
  await user.click(await screen.findByRole('option', { name: 'Closing' }));
  await user.click(await screen.findByRole('button', { name: 'Current quarter' }));
  expect(address()).toBe('/deals?closing=current_quarter');
  await waitFor(() => {
    expect(asked.at(-1)?.get('closing')).toBe('current_quarter');
  });

  await user.click(await screen.findByRole('button', { name: 'Remove the filter Closing' }));
  expect(address()).toBe('/deals');
});

it('selects rows by keys, to here too, and adds up what they are worth', async () => {
  serve();
  const { user } = renderApp(<DealsPage />, { at: '/deals' });
  await rowOf('Deal number 0');

  await user.keyboard('jjx');
  expect(await rowOf('Deal number 1')).toHaveFocus();
  expect(await rowOf('Deal number 1')).toHaveAttribute('aria-selected', 'true');
  await user.keyboard('{ArrowDown}{ArrowDown}{Shift>}X{/Shift}');
  const foot = screen.getByRole('contentinfo');
  await waitFor(() => {
    expect(foot).toHaveTextContent('3 selected S$ 3,750');
  });
  await user.keyboard('{Escape}');
  await waitFor(() => {
    expect(foot).not.toHaveTextContent('selected');
  });
});

it('opens the deal under the cursor and lets it know the table', async () => {
  serve();
  const { user, address } = renderApp(<DealsPage />, { at: '/deals?stage=Won&sort=name' });
  await rowOf('Deal number 0');

  await user.keyboard('j{Enter}');
  expect(address()).toBe('/deals/4876877000000020000');
});

it('reads a selection from the CRM again, and offers that to editors only', async () => {
  serve();
  const read: string[] = [];
  server.use(
    http.post('/api/records/{record_id}/sync', ({ params, response }) => {
      read.push(params.record_id);
      return response(200).json({
        message: 'The mirror already agreed with the CRM.',
        direction: 'from_crm',
        sync_result: {
          action_taken: 'unchanged',
          conflicts_detected: 0,
          changed_fields: [],
          refused_fields: [],
        },
        timestamp: '2026-08-17T00:42:00Z',
      });
    }),
  );
  const { user, unmount } = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await rowOf('Deal number 0');
  await user.click(screen.getByRole('checkbox', { name: 'Select Deal number 2' }));
  await user.click(await screen.findByRole('button', { name: 'Force sync' }));
  expect(await screen.findByText('1 deal read from the CRM, nothing changed.')).toBeVisible();
  expect(read).toEqual(['4876877000000020002']);
  unmount();

  const viewer = renderApp(<DealsPage />, { at: '/deals', role: 'viewer' });
  await rowOf('Deal number 0');
  await viewer.user.click(screen.getByRole('checkbox', { name: 'Select Deal number 2' }));
  expect(await screen.findByText('1 selected')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Force sync' })).toBeNull();
});

it('adds a field of the CRM as a column, in the address and for the next visit', async () => {
  serve({ rows: [row(1, { fields: { 'crm.Seats': 250 } })] });
  const { user, address, unmount } = renderApp(<DealsPage />, { at: '/deals' });
  await rowOf('Deal number 1');

  await user.click(screen.getByRole('button', { name: 'Columns' }));
  await user.click(await screen.findByRole('checkbox', { name: 'Seats' }));
  await waitFor(() => {
    expect(asked.at(-1)?.getAll('columns')).toEqual(['crm.Seats']);
  });
  expect(await screen.findByRole('columnheader', { name: 'Seats' })).toBeVisible();
  expect(within(await rowOf('Deal number 1')).getByText('250')).toBeVisible();
  expect(address()).toBe(
    '/deals?columns=state%2Cname%2Cstage%2Cvalue%2Cclosing_date%2Cchanged_at%2Ccrm.Seats',
  );
  unmount();

  renderApp(<DealsPage />, { at: '/deals' });
  expect(await screen.findByRole('columnheader', { name: 'Seats' })).toBeVisible();
});

it('says that nothing was found and clears the filters', async () => {
  serve({ rows: [], summary: { count: 0 } });
  const { user, address } = renderApp(<DealsPage />, { at: '/deals?q=nothing&sort=name' });

  expect(await screen.findByText(/No deals match these filters/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(address()).toBe('/deals?sort=name');
});

it('says that no deals are there yet', async () => {
  serve({ rows: [], summary: { count: 0, total_count: 0 } });
  renderApp(<DealsPage />, { at: '/deals' });

  expect(await screen.findByText(/No deals yet/)).toBeVisible();
});

it('tells a failure with its cure', async () => {
  serve();
  server.use(
    http.get('/api/deals', ({ response }) =>
      response.untyped(
        Response.json(
          {
            type: 'urn:pulse:problem:database_unavailable',
            title: 'Database not reachable',
            status: 503,
            detail: 'PostgreSQL cannot be reached.',
            code: 'database_unavailable',
            fix: 'Check that the server is running.',
          },
          { status: 503, headers: { 'content-type': 'application/problem+json' } },
        ),
      ),
    ),
  );
  renderApp(<DealsPage />, { at: '/deals' });

  const words = await screen.findByText('The deals could not be read');
  const failure = words.closest('[role=alert]');
  expect(failure).toHaveTextContent(
    'PostgreSQL cannot be reached. Check that the server is running.',
  );
});

it('shows two lines a deal on a phone', async () => {
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('max-width'),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }));
  serve();
  renderApp(<DealsPage />, { at: '/deals' });

  const link = await screen.findByRole('gridcell', { name: /Deal number 0/ });
  expect(link).toHaveTextContent('S$ 1,250');
  expect(link).toHaveTextContent('Orchid Airways');
  expect(screen.queryByRole('columnheader')).toBeNull();
  vi.unstubAllGlobals();
});
