import { screen, waitFor, within } from '@testing-library/react';
import { notifications } from '@mantine/notifications';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { Connection } from './api/connection';
import CrmIntegrationPage from './crm-integration-page';
import {
  connection,
  currencyRates,
  fieldMap,
  ownedFields,
  OPTIONS,
  problem,
  UNCONNECTED,
} from './testing';

const leave = vi.fn();

beforeEach(() => {
  leave.mockReset();
  vi.spyOn(window.location, 'assign').mockImplementation(leave);
});

afterEach(() => {
  // Toasts outlive the page that they were told on.
  notifications.clean();
});

function show(
  changes: Partial<Connection>,
  { at = '/crm-sync', role = 'admin' }: { at?: string; role?: Role } = {},
) {
  server.use(
    http.get('/api/crm/connection', ({ response }) => response(200).json(connection(changes))),
    http.get('/api/crm/data-centres', ({ response }) => response(200).json(OPTIONS)),
    http.get('/api/currency/rates', ({ response }) => response(200).json(currencyRates())),
    http.get('/api/crm/fields/map', ({ response }) => response(200).json(fieldMap())),
    http.get('/api/crm/fields/owned', ({ response }) => response(200).json(ownedFields())),
    http.get('/api/analysis/stage-history', ({ response }) => response(200).json({ latest: null })),
    http.get('/api/crm/fields/filled', ({ response }) =>
      response(200).json({ counted_at: '2026-03-02T09:30:00Z', deals: 0, filled: {} }),
    ),
    http.get('/api/crm/schema-events', ({ response }) =>
      response(200).json({ count: 0, items: [], limit: 20, offset: 0, has_more: false }),
    ),
  );
  return renderApp(<CrmIntegrationPage />, { at, role });
}

test('an admin chooses a data centre, keeps the known client and leaves for Zoho', async () => {
  const asked: unknown[] = [];
  server.use(
    http.post('/api/crm/connect', async ({ request, response }) => {
      asked.push(await request.json());
      return response(200).json({ authorisation_url: 'https://accounts.zoho.eu/oauth/v2/auth?x' });
    }),
  );
  const { user } = show(UNCONNECTED);
  expect(await screen.findByRole('heading', { name: 'Connect to Zoho CRM' })).toBeVisible();
  const centres = await screen.findByRole('radiogroup', { name: 'Where is your Zoho account?' });
  expect(within(centres).getByRole('radio', { name: /India/ })).toBeChecked();
  await user.click(within(centres).getByRole('radio', { name: /Europe/ }));
  expect(screen.getByLabelText('Redirect address')).toHaveValue(OPTIONS.redirect_uri);
  await user.click(screen.getByRole('button', { name: 'Continue to Zoho' }));
  await waitFor(() => {
    expect(leave).toHaveBeenCalledWith('https://accounts.zoho.eu/oauth/v2/auth?x');
  });
  expect(asked).toEqual([{ data_centre: 'eu' }]);
});

test('another client needs its own secret, and a refusal stands at its field', async () => {
  server.use(
    http.post('/api/crm/connect', ({ response }) =>
      response(400).json(
        problem(400, 'invalid_connection', 'client_id: it is missing.', { field: 'client_id' }),
      ),
    ),
  );
  const { user } = show(UNCONNECTED);
  const id = await screen.findByLabelText('Client ID');
  await user.clear(id);
  await user.type(id, '1000.OTHER');
  await user.click(screen.getByRole('button', { name: 'Continue to Zoho' }));
  expect(await screen.findByText('Give the secret that belongs to this id.')).toBeVisible();
  await user.type(screen.getByLabelText('Client secret'), 'secret');
  await user.click(screen.getByRole('button', { name: 'Continue to Zoho' }));
  expect(await screen.findByText('client_id: it is missing.')).toBeVisible();
  expect(leave).not.toHaveBeenCalled();
});

test('whoever is no admin is told who can connect, and is offered nothing', async () => {
  show(UNCONNECTED, { role: 'editor' });
  expect(
    await screen.findByText('An admin has to connect the CRM first: Daniel Koh.'),
  ).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});

test('before connecting again one reads whose the mirror is', async () => {
  const { organisation } = connection();
  show({ ...UNCONNECTED, organisation });
  expect(await screen.findByText(/The mirror belongs to/)).toHaveTextContent(
    'The mirror belongs to Halcyon Systems Pte Ltd. Sign in to this organisation; data and history are kept for it.',
  );
});

test.each([
  ['denied', 'You did not agree at Zoho.'],
  ['unknown_state', 'This answer belongs to no sign-in of yours.'],
  ['used', 'This answer of Zoho was already used.'],
  ['expired', 'The sign-in took longer than ten minutes.'],
  ['no_refresh_token', 'Zoho gave no lasting permission.'],
  ['client_refused', 'Zoho does not know this client, or its secret is wrong.'],
  ['unknown_server', 'The answer names an accounts server that is none of Zoho’s.'],
])('the outcome %s is told in words', async (outcome, words) => {
  show(UNCONNECTED, { at: `/crm-sync?outcome=${outcome}` });
  expect(await screen.findByRole('alert')).toHaveTextContent(words);
});

test('another organisation is told with both names, and the note can be closed', async () => {
  const detail = 'The mirror belongs to Halcyon; you signed in to Meranti.';
  const { user, address } = show(
    {
      ...UNCONNECTED,
      last_attempt: {
        outcome: 'other_organisation',
        detail,
        at: '2026-03-02T09:30:00Z',
        by: 'Ada',
      },
    },
    { at: '/crm-sync?outcome=other_organisation' },
  );
  expect(await screen.findByRole('alert')).toHaveTextContent(
    `That is another organisation. ${detail}`,
  );
  await user.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(address()).toBe('/crm-sync');
});

test.each(['constructor', 'whatever', '<b>hello</b>'])(
  'an address cannot put words on the page: %s',
  async (outcome) => {
    show(UNCONNECTED, { at: `/crm-sync?outcome=${encodeURIComponent(outcome)}` });
    await screen.findByRole('heading', { name: 'Connect to Zoho CRM' });
    expect(screen.queryByRole('alert')).toBeNull();
  },
);

test('after connecting one is led to the first full sync', async () => {
  show({ is_loaded: false }, { at: '/crm-sync?outcome=connected' });
  expect(await screen.findByText('Connected to Halcyon Systems Pte Ltd.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Full Sync' })).toHaveAttribute(
    'href',
    '/live-sync?action=full',
  );
});

test('a refused sign-in says since when and why, and an admin reconnects there', async () => {
  const asked: unknown[] = [];
  server.use(
    http.post('/api/crm/connect', async ({ request, response }) => {
      asked.push(await request.json());
      return response(200).json({ authorisation_url: 'https://accounts.zoho.in/x' });
    }),
  );
  const { user } = show({
    state: 'refused',
    refused_at: '2026-03-02T06:28:00Z',
    refusal: 'invalid_code: the refresh token was revoked.',
  });
  const note = await screen.findByRole('alert');
  expect(note).toHaveTextContent(/Zoho refuses our sign-in since .+invalid_code/);
  await user.click(within(note).getByRole('button', { name: 'Reconnect' }));
  await waitFor(() => {
    expect(leave).toHaveBeenCalledWith('https://accounts.zoho.in/x');
  });
  expect(asked).toEqual([{ data_centre: 'in' }]);
});

test('a viewer of a refused connection reads who can mend it', async () => {
  show({ state: 'refused', refusal: 'invalid_code' }, { role: 'viewer' });
  const note = await screen.findByRole('alert');
  expect(note).toHaveTextContent('An admin can do that: Daniel Koh.');
  expect(within(note).queryByRole('button')).toBeNull();
});
