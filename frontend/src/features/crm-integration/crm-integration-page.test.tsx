import { screen, waitFor, within } from '@testing-library/react';
import { notifications } from '@mantine/notifications';
import { afterEach, expect, test } from 'vitest';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { Connection } from './api/connection';
import type { FieldMap } from './api/field-map';
import CrmIntegrationPage from './crm-integration-page';
import type { OwnedFields } from './api/custom-fields';
import {
  CHOSEN_FUNDING,
  connection,
  currencyRates,
  fieldMap,
  MISSING_FUNDING,
  ownedFields,
  problem,
} from './testing';

type Shown = {
  changes?: Partial<Connection>;
  map?: FieldMap;
  owned?: OwnedFields;
  role?: Role;
  at?: string;
};

afterEach(() => {
  // Toasts outlive the page that they were told on.
  notifications.clean();
});

function show({
  changes = {},
  map = fieldMap(),
  owned = ownedFields(),
  role = 'admin',
  at = '/crm-sync',
}: Shown = {}) {
  server.use(
    http.get('/api/crm/connection', ({ response }) => response(200).json(connection(changes))),
    http.get('/api/currency/rates', ({ response }) => response(200).json(currencyRates())),
    http.get('/api/analysis/stage-history', ({ response }) => response(200).json({ latest: null })),
    http.get('/api/crm/fields/map', ({ response }) => response(200).json(map)),
    http.get('/api/crm/fields/owned', ({ response }) => response(200).json(owned)),
    http.get('/api/crm/fields/filled', ({ response }) =>
      response(200).json({
        counted_at: '2026-03-02T09:30:00Z',
        deals: 48_210,
        filled: { id: 1, Country: 0.9742, Type_of_Funding: 0.5 },
      }),
    ),
    http.get('/api/crm/schema-events', ({ response }) =>
      response(200).json({
        count: 1,
        items: [
          {
            id: 7,
            module: 'Deals',
            kind: 'renamed',
            api_name: 'Partner',
            details: { before: 'Lead_Partner' },
            noticed_at: '2026-03-01T10:00:00Z',
          },
        ],
        limit: 20,
        offset: 0,
        has_more: false,
      }),
    ),
  );
  return renderApp(<CrmIntegrationPage />, { at, role });
}

const rowOf = async (name: string) => screen.findByRole('row', { name: new RegExp(`^${name}`) });

/** Stores what is chosen, as the server would, and keeps what it was asked. */
function storing(): Record<string, string | null>[] {
  const asked: Record<string, string | null>[] = [];
  server.use(
    http.put('/api/crm/fields/map', async ({ request, response }) => {
      const { choices } = await request.json();
      asked.push(choices);
      const chosen = choices['Type_of_Funding'];
      return response(200).json(
        fieldMap(chosen ? { ...CHOSEN_FUNDING, api_name: chosen } : MISSING_FUNDING),
      );
    }),
  );
  return asked;
}

test('the page says what is connected, what the token is worth and what needs a person', async () => {
  show();
  expect(await screen.findByRole('heading', { name: 'CRM Integration' })).toBeVisible();
  expect(await screen.findByText(/2 of 3 fields are mapped, one needs you\./)).toHaveTextContent(
    'Connected to Halcyon Systems Pte Ltd.',
  );
  expect(screen.getByText('Enterprise, 42 users')).toBeVisible();
  expect(screen.getByText('India, www.zohoapis.in')).toBeVisible();
  expect(screen.getByText('92,000 in rolling 24 h')).toBeVisible();
  expect(screen.getByText(/valid, 41 min left/)).toBeVisible();
  expect(screen.getByText('stored encrypted')).toBeVisible();
  const area = screen.getByRole('row', { name: /Bulk jobs/ });
  expect(within(area).getByRole('img', { name: 'Granted' })).toBeVisible();
  expect(area).toHaveTextContent('not needed');
  expect(area).toHaveTextContent('scope');
});

test('a missing permission is named with its scopes', async () => {
  show({
    changes: {
      scopes_missing: ['ZohoCRM.bulk.READ'],
      areas: [
        {
          name: 'Bulk jobs',
          read: 'missing',
          write: 'not_needed',
          checked_by: 'probe',
          missing_scopes: ['ZohoCRM.bulk.READ'],
        },
      ],
    },
  });
  const area = await screen.findByRole('row', { name: /Bulk jobs/ });
  expect(area).toHaveTextContent('ZohoCRM.bulk.READ');
  expect(area).toHaveTextContent('Missing');
  expect(area).toHaveTextContent('probe');
  expect(screen.getByText(/One permission is missing\./)).toBeVisible();
});

test('each field shows what stands for it, its type and how full it is', async () => {
  show();
  const country = await rowOf('Country');
  await waitFor(() => {
    expect(country).toHaveTextContent('97.4%');
  });
  expect(country).toHaveTextContent('Picklist');
  expect(country).toHaveTextContent('Matches');
  const identity = await rowOf('id');
  expect(within(identity).queryByRole('button')).toBeNull();
  expect(within(identity).getByRole('img', { name: 'The CRM’s own' })).toBeVisible();
});

test('a proposal is taken in one click and undone from its toast', async () => {
  const asked = storing();
  const { user } = show();
  const row = await rowOf('Type_of_Funding');
  expect(row).toHaveTextContent('Its name has “funding”, too.');
  await user.click(
    within(row).getByRole('button', { name: 'Use Funding_Source for Type_of_Funding' }),
  );
  expect(await screen.findByText(/Type_of_Funding is read from Funding_Source\./)).toBeVisible();
  expect(await rowOf('Type_of_Funding')).toHaveTextContent('Chosen');
  expect(screen.getByText(/All 3 fields are mapped\./)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  expect(await screen.findByText('Type_of_Funding is as it was.')).toBeVisible();
  expect(asked).toEqual([{ Type_of_Funding: 'Funding_Source' }, { Type_of_Funding: null }]);
});

test('a field is searched among those that fit, and who has it already is said', async () => {
  const asked = storing();
  const { user } = show();
  const row = await rowOf('Type_of_Funding');
  await user.click(within(row).getByRole('button', { name: /CRM field of Type_of_Funding/ }));
  const search = await screen.findByRole('textbox', { name: 'Search a field for Type_of_Funding' });
  expect(screen.getByRole('option', { name: /Country, stands for Country/ })).toBeVisible();
  await user.type(search, 'next');
  expect(screen.getAllByRole('option')).toHaveLength(1);
  await user.click(screen.getByRole('option', { name: /Next_Step/ }));
  await waitFor(() => {
    expect(asked).toEqual([{ Type_of_Funding: 'Next_Step' }]);
  });
});

test('a refused choice stands under its field, and the map stays as it was', async () => {
  server.use(
    http.put('/api/crm/fields/map', ({ response }) =>
      response(400).json(
        problem(400, 'invalid_field_map', 'Type_of_Funding: there is no field Funding_Source.', {
          fix: 'Validate the map first.',
        }),
      ),
    ),
  );
  const { user } = show();
  const row = await rowOf('Type_of_Funding');
  await user.click(within(row).getByRole('button', { name: /^Use / }));
  expect(await within(row).findByRole('alert')).toHaveTextContent(
    'Type_of_Funding: there is no field Funding_Source. Validate the map first.',
  );
  expect(row).toHaveTextContent('Missing.');
});

test('the filters are in the address, and an empty one says so', async () => {
  const { user, address } = show();
  await rowOf('Country');
  await user.click(screen.getByRole('radio', { name: 'Needs you 1' }));
  expect(address()).toBe('/crm-sync?fields=needs');
  expect(screen.queryByRole('row', { name: /^Country/ })).toBeNull();
  await user.click(screen.getByRole('radio', { name: 'Changed 0' }));
  expect(
    screen.getByText('None of these fields changed in the CRM in the last 7 days.'),
  ).toBeVisible();
});

test('validation reads the CRM now and names what is missing', async () => {
  server.use(
    http.post('/api/crm/fields/map/validate', ({ response }) =>
      response(200).json({
        validation_passed: false,
        message: 'Missing: Type_of_Funding.',
        map: fieldMap(),
      }),
    ),
  );
  const { user } = show({ map: fieldMap(CHOSEN_FUNDING), role: 'editor' });
  await user.click(await screen.findByRole('button', { name: 'Validate' }));
  expect(await screen.findByText('Missing: Type_of_Funding.')).toBeVisible();
  expect(await rowOf('Type_of_Funding')).toHaveTextContent('Missing.');
});

test('what changed in the CRM is told with what follows from it', async () => {
  show();
  expect(await screen.findByText('Lead_Partner renamed to Partner')).toBeVisible();
  expect(screen.getByText(/Followed by itself, nothing to do/)).toBeVisible();
});

test('disconnecting needs the name, says what waits, and starts on the safe choice', async () => {
  const typed: unknown[] = [];
  server.use(
    http.post('/api/crm/disconnect', async ({ request, response }) => {
      typed.push(await request.json());
      return response(200).json({
        message: 'Disconnected from Halcyon Systems Pte Ltd.',
        stopped_syncs: 0,
        is_revoked: true,
        fix: null,
      });
    }),
  );
  const { user } = show();
  await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
  const dialog = await screen.findByRole('dialog', { name: 'Disconnect from Zoho?' });
  expect(dialog).toHaveTextContent('Syncs stop and 4 pending changes wait here.');
  const confirm = within(dialog).getByRole('button', { name: 'Disconnect' });
  expect(confirm).toBeDisabled();
  await user.type(within(dialog).getByRole('textbox'), 'Halcyon Systems Pte Ltd');
  await user.click(confirm);
  expect(await screen.findByText('Disconnected from Halcyon Systems Pte Ltd.')).toBeVisible();
  expect(typed).toEqual([{ organisation: 'Halcyon Systems Pte Ltd' }]);
});

test('a viewer reads everything, is told why nothing can be changed, and may check', async () => {
  show({ role: 'viewer' });
  expect(
    await screen.findByText('You can read this, not change it. Admins: Daniel Koh.'),
  ).toBeVisible();
  await rowOf('Country');
  expect(screen.getAllByRole('button').map((each) => each.textContent)).toEqual(['Check now']);
});

test('checking asks the CRM, and a failure is told with its cure', async () => {
  server.use(
    http.get('/api/crm/auth/validate', ({ response }) =>
      response(502).json(
        problem(502, 'sign_in_refused', 'The CRM refuses our sign-in.', { fix: 'Connect again.' }),
      ),
    ),
  );
  const { user } = show();
  await user.click(await screen.findByRole('button', { name: 'Check now' }));
  expect(await screen.findByText('The CRM refuses our sign-in. Connect again.')).toBeVisible();
});

test('a connection that cannot be read says so, with a way out', async () => {
  server.use(http.get('/api/crm/connection', () => Response.error()));
  renderApp(<CrmIntegrationPage />);
  expect(await screen.findByRole('alert')).toHaveTextContent('The connection could not be read');
  expect(screen.getByRole('button', { name: 'Try now' })).toBeVisible();
});
