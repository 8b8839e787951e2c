import { screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useSearchParams } from 'react-router';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { BASIS, COMPARISON, NOW } from '../../testing';
import { MOVED, OVERDUE, SLIPS } from './example-slips';
import { Slips } from './slips';

const asked: URLSearchParams[] = [];

function serve(over: Partial<typeof SLIPS> & { comparison?: typeof COMPARISON } = {}): void {
  asked.length = 0;
  server.use(
    http.get('/api/analysis/slips', ({ request, response }) => {
      const params = new URL(request.url).searchParams;
      asked.push(params);
      const isOverdue = params.get('kind') === 'overdue';
      return response(200).json({
        basis: BASIS,
        comparison: COMPARISON,
        ...SLIPS,
        ...(isOverdue && { items: [OVERDUE], count: 1 }),
        ...over,
      });
    }),
  );
}

function Panel() {
  const [params, setParams] = useSearchParams();
  return <Slips params={params} onChange={setParams} />;
}
const open = (search = '') => renderApp(<Panel />, { at: `/analysis${search}` });
const table = (name: string) => screen.findByRole('table', { name });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells how much was moved later, what left the period and what is overdue', async () => {
  serve();
  open('?closing=current_quarter&compared_with=2026-08-10T00:00:00Z');

  const moved = await screen.findByRole('button', { name: /^Moved later/ });
  expect(moved).toHaveTextContent('Moved laterS$819,8261 deal');
  expect(moved).toHaveAttribute('aria-pressed', 'true');
  expect(screen.getByRole('button', { name: /^Moved out of the period/ })).toHaveTextContent(
    'S$870,0004 deals, 1.9% of that pipeline',
  );
  expect(screen.getByRole('button', { name: /^Overdue/ })).toHaveTextContent(
    'S$5,918,30023 open deals',
  );
  const [, row] = within(await table('Deals: Moved later')).getAllByRole('row');
  expect(row).toHaveTextContent('Aug 24 → Sep 15');
  expect(row).toHaveTextContent(/22 d2Arjun Mehta, Aug 14819,826$/);
  expect(screen.getByRole('link', { name: 'Metro signalling' })).toHaveAttribute(
    'href',
    `/deals/${MOVED.id}`,
  );
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    closing: 'current_quarter',
    compared_with: '2026-08-10T00:00:00Z',
    kind: 'moved',
    limit: '6',
  });
});

it('lists the deals of the sum that is chosen, and keeps the choice in the address', async () => {
  serve();
  const { user, address } = open('?outcome=open');
  await user.click(await screen.findByRole('button', { name: /^Overdue/ }));

  const shown = within(await table('Deals: Overdue'));
  expect(address()).toBe('/analysis?outcome=open&slips=overdue');
  expect(asked.at(-1)?.get('kind')).toBe('overdue');
  const [, row] = shown.getAllByRole('row');
  expect(row).toHaveTextContent('47 d–');
  expect(shown.queryByRole('columnheader', { name: 'Moves' })).toBeNull();
  expect(shown.getByTitle('No amount, or no rate for its currency')).toBeVisible();
});

it('shows what is overdue, and why nothing can be compared, where history is missing', async () => {
  serve({
    moved: null,
    moved_out: null,
    moved_out_share: null,
    comparison: {
      compared_with: null,
      is_cut: false,
      missing_because: 'History began today: there is nothing to compare with.',
    },
  });
  open();

  expect(await table('Deals: Overdue')).toBeVisible();
  expect(screen.getByText('History began today: there is nothing to compare with.')).toBeVisible();
  expect(screen.queryByRole('button', { name: /^Moved/ })).toBeNull();
});

it('says so where nothing slipped', async () => {
  serve({ moved: { deals: 0, value: 0 }, items: [], count: 0 });
  open();
  expect(await screen.findByText('No closing date was moved later.')).toBeVisible();
  expect(screen.queryByRole('table')).toBeNull();
});

it('opens all of them in a drawer, page by page', async () => {
  serve({ count: 60, has_more: true, limit: 50 });
  const { user } = open();
  await user.click(await screen.findByRole('button', { name: 'All 60' }));

  const drawer = within(await screen.findByRole('dialog', { name: 'Moved later' }));
  expect(await drawer.findByText('1 of 60')).toBeVisible();
  await user.click(drawer.getByRole('button', { name: 'Show more' }));
  expect(await drawer.findByText('2 of 60')).toBeVisible();
  expect(asked.at(-1)?.get('offset')).toBe('1');
});

it('says that it failed and asks again', async () => {
  server.use(
    http.get('/api/analysis/slips', ({ response }) =>
      response(503).json({
        type: 'urn:pulse:problem:database_slow',
        title: 'Slow',
        status: 503,
        detail: 'The database did not answer within 10 s.',
        code: 'database_slow',
        fix: null,
        errors: null,
      }),
    ),
  );
  const { user } = open();
  expect(await screen.findByText('The slipped deals could not be read')).toBeVisible();
  serve();
  await user.click(screen.getByRole('button', { name: 'Try now' }));
  expect(await table('Deals: Moved later')).toBeVisible();
});
