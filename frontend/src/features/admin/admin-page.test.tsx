import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import AdminPage from './admin-page';
import type { User } from './api/users';
import type { SettingItem } from './api/settings';

const PRIYA: User = {
  id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b13',
  email: 'priya@halcyon.example',
  name: 'Priya Raghunathan',
  role: 'editor',
  is_active: true,
  must_change_password: false,
  created_at: '2026-08-03T01:12:00Z',
  last_login_at: null,
  locked_until: null,
  sessions: 2,
  tokens: 1,
};

const pageOf = <T,>(items: T[]) => ({
  count: items.length,
  items,
  limit: 100,
  offset: 0,
  has_more: false,
});

function withUsers(...users: User[]): void {
  server.use(http.get('/api/users', ({ response }) => response(200).json(pageOf(users))));
}

test('the page is for admins', () => {
  renderApp(<AdminPage />, { at: '/admin', role: 'editor' });
  expect(screen.getByText('This page is for admins.')).toBeVisible();
  expect(screen.queryByRole('tab')).toBeNull();
});

test('an added user gets a temporary password that is shown once', async () => {
  withUsers(PRIYA);
  const sent: unknown[] = [];
  server.use(
    http.post('/api/users', async ({ request, response }) => {
      sent.push(await request.json());
      return response(201).json({ user: PRIYA, temporary_password: 'kTq7wRzm3HnVx9Pb' });
    }),
  );
  const { user } = renderApp(<AdminPage />, { at: '/admin' });
  await user.click(await screen.findByRole('button', { name: 'Add a user' }));
  const form = within(await screen.findByRole('dialog'));
  await user.type(form.getByLabelText('E-mail'), 'priya@halcyon.example');
  await user.type(form.getByLabelText('Name'), 'Priya Raghunathan');
  await user.click(form.getByLabelText('Editor'));
  await user.click(form.getByRole('button', { name: 'Add user' }));
  expect(await screen.findByLabelText('Temporary password')).toHaveTextContent('kTq7wRzm3HnVx9Pb');
  expect(sent).toEqual([
    { email: 'priya@halcyon.example', name: 'Priya Raghunathan', role: 'editor' },
  ]);
  await user.click(screen.getByRole('button', { name: 'I have kept it' }));
  await waitFor(() => {
    expect(screen.queryByText('kTq7wRzm3HnVx9Pb')).toBeNull();
  });
});

test('removing a user says what ends with it, and asks first', async () => {
  withUsers(PRIYA);
  const removed: string[] = [];
  server.use(
    http.delete('/api/users/{user_id}', ({ params, response }) => {
      removed.push(params.user_id);
      return response(200).json({ message: 'The user was removed.' });
    }),
  );
  const { user } = renderApp(<AdminPage />, { at: '/admin' });
  await user.click(await screen.findByRole('button', { name: 'Actions for Priya Raghunathan' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Remove' }));
  const dialog = await screen.findByRole('dialog', { name: 'Remove Priya Raghunathan?' });
  expect(dialog).toHaveTextContent('2 sessions and 1 API token end at once.');
  expect(removed).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Remove user' }));
  await waitFor(() => {
    expect(removed).toEqual([PRIYA.id]);
  });
});

const OVERLAP: SettingItem = {
  key: 'sync.overlap_seconds',
  title: 'Overlap seconds',
  description: 'How far an incremental sync reads back before its cursor.',
  value_schema: { type: 'integer', minimum: 1, maximum: 3600 },
  default: 60,
  value: 120,
  changed_at: null,
  changed_by: null,
};

test('a setting that the server gained is there with its bounds, and is saved by itself', async () => {
  const gained: SettingItem = {
    ...OVERLAP,
    key: 'new.switch',
    title: 'New switch',
    value_schema: { type: 'boolean' },
    default: false,
    value: false,
  };
  const sent: unknown[] = [];
  server.use(
    http.get('/api/settings', ({ response }) => response(200).json({ items: [OVERLAP, gained] })),
    http.put('/api/settings', async ({ request, response }) => {
      sent.push(await request.json());
      return response(200).json({ items: [OVERLAP, { ...gained, value: true }] });
    }),
  );
  const { user } = renderApp(<AdminPage />, { at: '/admin?tab=settings' });
  const overlap = within(await screen.findByRole('form', { name: 'Overlap seconds' }));
  expect(overlap.getByLabelText('Overlap seconds')).toHaveValue('120');
  expect(overlap.getByText(/From 1 to 3600\. Default: 60\./)).toBeVisible();
  const row = within(screen.getByRole('form', { name: 'New switch' }));
  expect(row.queryByRole('button', { name: 'Save' })).toBeNull();
  await user.click(row.getByRole('switch'));
  await user.click(row.getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    expect(sent).toEqual([{ changes: { 'new.switch': true } }]);
  });
});

test('a line of the log names the person, the deed and the values before and after', async () => {
  const asked: string[] = [];
  server.use(
    http.get('/api/audit/choices', ({ response }) =>
      response(200).json({ actions: ['settings.changed'], kinds: ['settings'], people: [] }),
    ),
    http.get('/api/audit', ({ request, response }) => {
      asked.push(new URL(request.url).search);
      return response(200).json({
        items: [
          {
            id: '7',
            at: '2026-08-17T00:41:07Z',
            user_id: PRIYA.id,
            user_name: 'Daniel Koh',
            role: 'admin',
            via: 'session',
            address: '192.0.2.7',
            action: 'settings.changed',
            kind: 'settings',
            subject: 'sync.overlap_seconds',
            name: null,
            before: { 'sync.overlap_seconds': 60 },
            after: { 'sync.overlap_seconds': 120 },
          },
        ],
        has_more: false,
      });
    }),
  );
  renderApp(<AdminPage />, { at: '/admin?tab=audit&action=settings.changed' });
  const [line] = await screen.findAllByRole('listitem');
  expect(line).toHaveTextContent('Daniel Koh · Changed settings');
  expect(line).toHaveTextContent('60 → 120');
  expect(line).toHaveTextContent('in the app, 192.0.2.7');
  expect(asked).toEqual(['?action=settings.changed&limit=50']);
});
