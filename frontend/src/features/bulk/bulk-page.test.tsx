import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { Schema } from '@/lib/api';
import BulkPage from './bulk-page';

const IDS = Array.from({ length: 1_001 }, (_, at) => String(554023000000235001n + BigInt(at)));

const FIELD: Schema['FormField'] = {
  api_name: 'Next_Step',
  canonical_name: null,
  label: 'Next Step',
  group: 'deal',
  data_type: 'text',
  input: 'text',
  options: [],
  is_mandatory: false,
  max_length: 100,
  decimals: null,
  currency: null,
  has_lookup: false,
  read_only_reason: null,
  value: null,
  shown: null,
  change: null,
};

const PLAN: Schema['BulkPlan'] = {
  way: 'mass_update',
  title: 'Mass update in 3 calls',
  calls: 9,
  credits: 130,
  seconds: 2,
  reason: '3 mass updates of up to 500 ids',
  credits_left: 92_000,
  credits_left_after: 91_870,
  is_affordable: true,
  runs_automation: true,
  rejected: [],
};

const PREVIEW: Schema['Preview'] = {
  operation: 'mass_update',
  count: 1_001,
  limit: 50_000,
  will_change: 1_001,
  unchanged: 0,
  left_alone: 0,
  will_fail: 0,
  fields: [{ api_name: 'Next_Step', label: 'Next Step', data_type: 'text' }],
  sample: [
    {
      id: IDS[0] ?? '',
      name: 'Claims platform renewal',
      before: { Next_Step: null },
      after: { Next_Step: 'Call' },
      changes: [
        {
          field: 'Next_Step',
          label: 'Next Step',
          before: null,
          after: { kind: 'text', text: 'Call' },
        },
      ],
    },
  ],
  reasons: [],
  plan: PLAN,
};

beforeEach(() => {
  sessionStorage.clear();
  server.use(
    http.get('/api/bulk/operations', ({ response }) =>
      response(200).json({ count: 0, items: [], limit: 20, offset: 0, has_more: false }),
    ),
    http.get('/api/deals/fields/form', ({ response }) =>
      response(200).json({ read_only_reason: null, fields: [FIELD] }),
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
});

async function previewed() {
  const { user, address } = renderApp(<BulkPage />, { at: '/bulk?by=ids', role: 'editor' });
  await user.click(await screen.findByRole('textbox', { name: 'IDs of deals' }));
  await user.paste(IDS.join('\n'));
  await user.click(screen.getByRole('button', { name: 'Continue with 1,001 deals' }));
  await user.click(await screen.findByRole('combobox', { name: 'Field' }));
  await user.click(await screen.findByRole('option', { name: 'Next Step' }));
  await user.type(screen.getByRole('textbox', { name: 'Next Step' }), 'Call');
  await user.click(screen.getByRole('button', { name: 'See the preview' }));
  return { user, address };
}

test('starts above 1,000 deals once their number is typed, with the number that was seen', async () => {
  const started: unknown[] = [];
  server.use(
    http.post('/api/bulk/preview', ({ response }) => response(200).json(PREVIEW)),
    http.post('/api/bulk/mass-update', async ({ request, response }) => {
      started.push(await request.json());
      return response(409).json({
        type: 'urn:pulse:problem:selection_changed',
        title: 'Conflict',
        status: 409,
        detail: '1,001 records were confirmed; now it would be 1,000.',
        code: 'selection_changed',
        fix: 'Look at the preview again.',
        errors: null,
      });
    }),
  );
  const { user } = await previewed();

  expect(await screen.findByText('1,001 deals change.')).toBeVisible();
  expect(
    screen.getByText('About 130 credits of 92,000 left today: 91,870 after it.'),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Change Next Step in 1,001 deals' }));
  const question = await screen.findByRole('dialog', { name: 'Change Next Step in 1,001 deals?' });
  const go = within(question).getByRole('button', { name: 'Change 1,001 deals' });
  expect(go).toBeDisabled();
  await user.type(within(question).getByLabelText('Type 1,001 to confirm'), '1001');
  await user.click(go);

  await waitFor(() => {
    expect(started).toEqual([
      { choose: { ids: IDS }, fields: { Next_Step: 'Call' }, confirmed_count: 1_001 },
    ]);
  });
  expect(await screen.findByText('The operation did not start.')).toBeVisible();
});

test('shows a value that no deal takes beside its field', async () => {
  server.use(
    http.post('/api/bulk/preview', ({ response }) =>
      response(400).json({
        type: 'urn:pulse:problem:bad_value',
        title: 'Bad Request',
        status: 400,
        detail: 'fields.Next_Step: Next Step takes 3 characters at most.',
        code: 'bad_value',
        fix: 'Shorten it.',
        errors: null,
        field: 'Next_Step',
      }),
    ),
  );
  const { user } = await previewed();

  expect(await screen.findByText('Next Step takes 3 characters at most.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Change the values' }));
  expect(await screen.findByRole('textbox', { name: 'Next Step' })).toBeInvalid();
});

test('holds a list with something else than IDs, and names it', async () => {
  const { user } = renderApp(<BulkPage />, { at: '/bulk?by=ids', role: 'editor' });
  await user.type(await screen.findByRole('textbox', { name: 'IDs of deals' }), '7 7 Acme');

  expect(screen.getByText('This is no ID: Acme.')).toBeVisible();
  expect(screen.getByText('1 ID stands there more than once and counts once: 7.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Continue with 1 deal' })).toBeDisabled();
});

test('offers a viewer nothing to start', async () => {
  renderApp(<BulkPage />, { at: '/bulk', role: 'viewer' });

  expect(await screen.findByText('Nobody has changed deals in bulk yet.')).toBeVisible();
  expect(screen.getByText(/You can read this, not change it/)).toBeVisible();
  expect(screen.queryByRole('region', { name: 'Choose' })).toBeNull();
});
