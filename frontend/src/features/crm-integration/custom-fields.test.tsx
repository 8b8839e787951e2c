import { screen, within } from '@testing-library/react';
import { notifications } from '@mantine/notifications';
import { afterEach, expect, test } from 'vitest';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { OwnedFields } from './api/custom-fields';
import { CustomFields } from './components/custom-fields';
import { ownedFields, problem } from './testing';

afterEach(() => {
  notifications.clean();
});

function show(changes: Partial<OwnedFields> = {}, role: Role = 'admin') {
  server.use(
    http.get('/api/crm/fields/owned', ({ response }) => response(200).json(ownedFields(changes))),
  );
  return renderApp(<CustomFields />, { at: '/crm-sync', role });
}

test('each field says whether it is in the CRM, and what is written into it', async () => {
  show();

  const fields = await screen.findAllByRole('listitem');
  const [phase, , last, status] = fields;
  expect(phase).toHaveTextContent(/O2R Phase.*Picklist.*In CRM.*Nothing is written into it yet\./);
  expect(last).toHaveTextContent(/called Pulse synced in the CRM/);
  expect(status).toHaveTextContent(/PP Sync Status.*Not in CRM/);
  expect(screen.getByText(/48,208 deals hold values of ours/)).toHaveTextContent(
    /40 of 9,200 credits in 24 hours/,
  );
  expect(screen.getByRole('link', { name: 'Metro signalling' })).toHaveAttribute(
    'href',
    '/deals/554023000000235001',
  );
});

test('what is missing is created, and a refusal is told with the CRM’s words and the fix', async () => {
  server.use(
    http.post('/api/crm/fields/create', ({ response }) =>
      response(200).json({
        message: '0 fields created, 2 refused.',
        created: 0,
        failed: 2,
        fields: [
          {
            label: 'Last PP Sync',
            role: 'last_sync',
            status: 'failed',
            code: 'LIMIT_EXCEEDED',
            message: 'limit exceeded',
            fix: 'Delete one in the CRM.',
          },
          {
            label: 'PP Sync Status',
            role: 'sync_status',
            status: 'failed',
            code: 'LIMIT_EXCEEDED',
            message: 'limit exceeded',
            fix: 'Delete one in the CRM.',
          },
        ],
      }),
    ),
  );
  const { user } = show();

  await user.click(await screen.findByRole('button', { name: 'Create missing' }));

  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent(
    'Last PP Sync, PP Sync Status: limit exceeded. Delete one in the CRM.',
  );
});

test('a field is renamed; a taken label stays in the form with its reason', async () => {
  server.use(
    http.patch('/api/crm/fields/{field_id}', ({ response }) =>
      response(409).json(
        problem(409, 'field_refused', 'The CRM refused the change: duplicate data.'),
      ),
    ),
  );
  const { user } = show();

  await user.click(await screen.findByRole('button', { name: 'Rename O2R Phase' }));
  const form = await screen.findByRole('dialog');
  await user.clear(within(form).getByLabelText('Label'));
  await user.type(within(form).getByLabelText('Label'), 'Phase of revenue');
  await user.click(within(form).getByRole('button', { name: 'Rename' }));

  expect(await within(form).findByText(/duplicate data/)).toBeVisible();
});

test('who may not change anything is offered nothing to change', async () => {
  show({}, 'viewer');

  expect(await screen.findByText('O2R Phase')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Create missing' })).toBeNull();
  expect(screen.queryByRole('button', { name: /^Rename/ })).toBeNull();
});

test('a connection without the right to create fields says so and offers neither', async () => {
  show({ may_create: false });

  expect(await screen.findByText(/The connection may not create or change fields/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Create missing' })).toBeNull();
  expect(screen.queryByRole('button', { name: /^Rename/ })).toBeNull();
});
