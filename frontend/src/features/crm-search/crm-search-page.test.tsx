import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Schema } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { FoundDeal } from './api/search';
import CrmSearchPage from './crm-search-page';
import { askedOf, draftOf, paramsOf } from './lib/asked';

const DEAL: FoundDeal = {
  id: '554023000000235001',
  name: 'Metro signalling',
  account: 'Metro Rail',
  owner: 'Mei Tan',
  stage: 'Negotiation',
  amount: 250_000,
  currency: 'SGD',
  closing_date: '2026-09-30',
  modified_at: '2026-03-02T09:14:40Z',
  mark: 'new',
};

const FAILING: Schema['Problem'] = {
  type: 'urn:pulse:problem:crm_failing',
  title: 'CRM failing',
  status: 502,
  code: 'crm_failing',
  detail: 'The CRM did not answer as it should.',
  fix: null,
  errors: null,
};

function show(at: string, failures = 0) {
  const asked: unknown[] = [];
  server.use(
    http.get('/api/records/search/fields', ({ response }) =>
      response(200).json({
        fields: [
          {
            api_name: 'Deal_Name',
            label: 'Name',
            data_type: 'text',
            operators: ['equals', 'not_equal', 'starts_with', 'in'],
            options: [],
          },
        ],
      }),
    ),
    http.post('/api/records/search', async ({ request, response }) => {
      asked.push(await request.json());
      if (asked.length <= failures) return response(502).json(FAILING);
      return response(200).json({
        items: [DEAL],
        page: 1,
        per_page: 50,
        has_more: false,
        is_at_the_end: false,
        expression: '(Deal_Name:equals:metro)',
        refreshed: true,
      });
    }),
  );
  return { asked, ...renderApp(<CrmSearchPage />, { at }) };
}

test('the address holds the search; what is found opens the deal and tells what was new', async () => {
  const { asked } = show('/deals/search?c=Deal_Name~equals~metro');

  const row = await screen.findByRole('row', { name: /Metro signalling/ });
  expect(within(row).getByRole('link', { name: 'Metro signalling' })).toHaveAttribute(
    'href',
    '/deals/554023000000235001',
  );
  expect(row).toHaveTextContent('New here');
  expect(screen.getByText('1 deal found')).toBeVisible();
  expect(asked).toEqual([
    {
      by: 'criteria',
      match: 'all',
      criteria: [{ field: 'Deal_Name', operator: 'equals', values: ['metro'] }],
      page: 1,
      per_page: 50,
    },
  ]);
});

test('without a search nothing is asked, and an empty condition cannot be sent', async () => {
  const { asked } = show('/deals/search');

  expect(await screen.findByRole('button', { name: 'Search the CRM' })).toBeDisabled();
  expect(screen.getByText(/index lags behind changes/)).toBeVisible();
  expect(asked).toEqual([]);
});

test('a search that failed is repeated by a person alone, as each try costs credits', async () => {
  const { asked, user } = show('/deals/search?by=word&text=metro', 1);
  expect(await screen.findByText(/did not answer as it should/)).toBeVisible();
  expect(asked).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: 'Search again' }));

  expect(await screen.findByRole('row', { name: /Metro signalling/ })).toBeVisible();
  expect(asked).toHaveLength(2);
});

test('a search comes back out of its address as it went in', () => {
  const draft = {
    by: 'criteria',
    text: '',
    match: 'any',
    criteria: [
      { field: 'Closing_Date', operator: 'between', values: ['2026-01-01', '2026-03-31'] },
    ],
  } as const;

  expect(
    draftOf(
      paramsOf({
        ...draft,
        criteria: [...draft.criteria].map((each) => ({ ...each, values: [...each.values] })),
      }),
    ),
  ).toEqual(draft);
  expect(askedOf(draftOf(new URLSearchParams('c=Amount~between~1')))).toBeNull();
  expect(askedOf(draftOf(new URLSearchParams('by=word&text=metro')))).toEqual({
    by: 'word',
    text: 'metro',
    match: 'all',
    criteria: [],
  });
});
