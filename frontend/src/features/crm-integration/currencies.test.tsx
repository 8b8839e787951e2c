import { notifications } from '@mantine/notifications';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { CurrencyRates } from './api/currencies';
import { Currencies } from './components/currencies';
import { currencyRates, problem, rate } from './testing';

afterEach(() => {
  // Toasts outlive the page that they were told on.
  notifications.clean();
});

function show(rates: CurrencyRates, role: Role = 'admin') {
  server.use(http.get('/api/currency/rates', ({ response }) => response(200).json(rates)));
  return renderApp(<Currencies />, { at: '/crm-sync', role });
}

const HOME = rate('SGD', {
  name: 'Singapore Dollar - SGD',
  is_home: true,
  is_base: true,
  rate: '1',
  in_base: '1',
  since: null,
});
const rowOf = async (code: string) => screen.findByRole('row', { name: new RegExp(`^${code}`) });

test('each currency says what a unit is worth, since when, how it went and for which deals', async () => {
  const { user } = show(
    currencyRates([
      HOME,
      rate('INR', {
        name: 'Indian Rupee - INR',
        history: [
          { since: '2026-01-05', rate: '64', in_base: '0.015625' },
          { since: '2026-02-20', rate: '65.4', in_base: '0.0152905198777' },
        ],
      }),
    ]),
  );

  expect(await rowOf('SGD')).toHaveTextContent('SGD Singapore Dollarbase, home11––12');
  const rupee = await rowOf('INR');
  expect(rupee).toHaveTextContent('INR Indian Rupee0.0152965.4000Feb 2012');
  expect(within(rupee).getByTitle('1 INR is 0.0152905198777 SGD')).toBeVisible();
  expect(within(rupee).getByRole('link', { name: '12' })).toHaveAttribute(
    'href',
    '/deals?currency=INR',
  );
  await user.click(
    within(rupee).getByRole('button', {
      name: 'INR changed 1 time since Jan 5, from 0.01563 to 0.01529 SGD',
    }),
  );
  const steps = await screen.findByRole('list', { name: 'Rates of INR' });
  expect(
    within(steps)
      .getAllByRole('listitem')
      .map((step) => step.textContent),
  ).toEqual(['Feb 200.01529', 'Jan 50.01563']);
});

test('deals without a rate, or without a currency, are told and lead to the deals', async () => {
  show(
    currencyRates(
      [
        HOME,
        rate('LKR', { name: null, is_known: false, rate: null, in_base: null, without_rate: 3 }),
      ],
      { deals_without_currency: 1 },
    ),
  );

  expect(await rowOf('LKR')).toHaveTextContent('LKR Not in the CRM’s listNo rate');
  expect(
    screen.getByText(
      /^3 deals in LKR and 1 without a currency have no rate and are not in this total\./,
    ),
  ).toBeVisible();
  expect(screen.getByRole('link', { name: 'Show them' })).toHaveAttribute(
    'href',
    '/deals?currency=LKR&currency=',
  );
});

test('rates that are older than a week say so, and for how many deals it matters', async () => {
  const old = new Date(Date.now() - 8.5 * 86_400_000).toISOString();
  show(currencyRates([HOME, rate('INR', { by_crm_rate: 31 })], { read_at: old }));

  expect(await screen.findByText(/The rates are 8 days old\. 34 deals are valued/)).toBeVisible();
});

test('a refresh says what changed and what it cost, or why it could not be made', async () => {
  const { user } = show(currencyRates([HOME]), 'editor');
  server.use(
    http.post('/api/currency/refresh', ({ response }) =>
      response(200).json({
        message: '1 rate changed: INR.',
        changed: [{ currency: 'INR', before: '64', after: '65.4' }],
        calls: 1,
        credits: 1,
      }),
    ),
  );
  await user.click(await screen.findByRole('button', { name: 'Refresh rates' }));
  expect(await screen.findByText('1 rate changed: INR. 1 credit.')).toBeVisible();

  server.use(
    http.post('/api/currency/refresh', ({ response }) =>
      response(502).json(problem(502, 'crm_unavailable', 'Zoho does not answer.')),
    ),
  );
  await user.click(screen.getByRole('button', { name: 'Refresh rates' }));
  expect(await screen.findByText('The rates could not be read')).toBeVisible();
});

test('an admin changes the base currency; others read it', async () => {
  const changed: unknown[] = [];
  server.use(
    http.put('/api/settings', async ({ request, response }) => {
      changed.push(await request.json());
      return response(200).json({ items: [] });
    }),
  );
  const { user, unmount } = show(currencyRates([HOME, rate('INR', { name: 'Indian Rupee' })]));
  await user.click(await screen.findByRole('combobox', { name: 'Base currency' }));
  await user.click(await screen.findByRole('option', { name: 'INR, Indian Rupee' }));
  await waitFor(() => {
    expect(changed).toEqual([{ changes: { 'currency.base': 'INR' } }]);
  });
  expect(await screen.findByText('All pages sum in INR now.')).toBeVisible();
  unmount();

  show(currencyRates([HOME]), 'viewer');
  expect(await screen.findByText(/All totals are in/)).toHaveTextContent('All totals are in SGD.');
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Refresh rates' })).toBeNull();
});
