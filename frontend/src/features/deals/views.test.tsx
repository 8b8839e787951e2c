import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderApp } from '@/testing/render';
import { serveView, VIEW_ID, viewOf } from '@/testing/views';
import DealsPage from './deals-page';
import { asked, serve, withTable } from './testing';

withTable();

const KEPT = 'country=India&sort=-value&columns=name%2Cvalue';
const CHANGED = { selector: '[role=status]' };
const open = (at = '/deals') => renderApp(<DealsPage />, { at, path: '/deals' });
const title = (name: string) => screen.findByRole('heading', { level: 1, name });

it('an address that names a view becomes what it keeps: filters, order and columns', async () => {
  serve();
  serveView(viewOf('deals', KEPT));
  const { address } = open(`/deals?view=${VIEW_ID}`);

  expect(await title('Monday list')).toBeVisible();
  expect(address()).toBe(`/deals?view=${VIEW_ID}&${KEPT}`);
  const table = await screen.findByRole('grid', { name: 'Deals' });
  expect(within(table).getByRole('columnheader', { name: /^Deal/ })).toBeVisible();
  expect(within(table).queryByRole('columnheader', { name: /^Stage/ })).toBeNull();
  // Only what the view keeps was asked for, not the whole list on the way there.
  expect(new Set(asked.map((params) => params.get('country')))).toEqual(new Set(['India']));
  expect(asked[0]?.get('sort')).toBe('-value');
  expect(screen.queryByText(/^Changed/, CHANGED)).toBeNull();
});

it('says that the list has left the view, and saves into it with order and columns', async () => {
  serve();
  const written = serveView(viewOf('deals', KEPT));
  const { user } = open(`/deals?view=${VIEW_ID}&${KEPT}&stage=Won`);

  const status = await screen.findByText(/^Changed/, CHANGED);
  await user.click(within(status).getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    expect(screen.queryByText(/^Changed/, CHANGED)).toBeNull();
  });
  expect(written).toEqual([
    {
      method: 'PATCH',
      path: `/api/views/${VIEW_ID}`,
      body: { query: 'country=India&stage=Won&sort=-value&columns=name%2Cvalue' },
    },
  ]);
});

it('keeps the columns that are shown, also where nobody chose them, and opens the new view', async () => {
  serve();
  const written = serveView(viewOf('deals', KEPT));
  const { user, address } = open('/deals?stage=Won');
  await screen.findByRole('grid', { name: 'Deals' });

  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Save as a new view…' }));
  await user.type(await screen.findByLabelText('Name'), 'Won{Enter}');

  const query = 'stage=Won&columns=state%2Cname%2Cstage%2Cvalue%2Cclosing_date%2Cchanged_at';
  await waitFor(() => {
    expect(address()).toBe(`/deals?view=${VIEW_ID}&${query}`);
  });
  expect(written).toEqual([
    {
      method: 'POST',
      path: '/api/views',
      body: { page: 'deals', name: 'Won', query, is_shared: false },
    },
  ]);
});

it('leads from the menu to a view, and back to all deals', async () => {
  serve();
  serveView(viewOf('deals', KEPT));
  const { user, address } = open();
  await title('Deals');

  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Monday list' }));
  expect(await title('Monday list')).toBeVisible();
  expect(address()).toBe(`/deals?view=${VIEW_ID}&${KEPT}`);
  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'All deals' }));
  expect(await title('Deals')).toBeVisible();
  expect(address()).toBe('/deals');
});

it('says that there is no such view, and leads to the list without one', async () => {
  serve();
  serveView(viewOf('deals', KEPT));
  open('/deals?view=01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b99');

  expect(await screen.findByText(/There is no such view/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Open Deals without a view' })).toHaveAttribute(
    'href',
    '/deals',
  );
  expect(asked).toEqual([]);
});
