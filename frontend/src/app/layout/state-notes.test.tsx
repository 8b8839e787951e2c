import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Readiness } from '@/lib/queries/readiness';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { currentStatus } from '@/testing/sync-state';
import { StateNotes } from './state-notes';

const isThere = { ok: true, message: 'It answers.', fix: null };
const allThere: Readiness = {
  ready: true,
  database: isThere,
  broker: isThere,
  worker: isThere,
  crm: isThere,
};

function show(current: CurrentStatus, role: Role = 'admin', readiness = allThere) {
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) => response(200).json(current)),
    http.get('/health/ready', ({ response }) =>
      readiness.ready ? response(200).json(readiness) : response(503).json(readiness),
    ),
  );
  return renderApp(<StateNotes />, { role });
}

const refused = currentStatus({
  condition: 'failing',
  data_age: 8_040,
  pending_changes: 12,
  trouble: {
    since: '2026-08-17T00:28:00Z',
    code: 'sign_in_refused',
    title: 'Sign-in refused by the CRM',
    detail: 'The refresh token was revoked (invalid_code).',
    fix: 'Connect again in CRM Integration.',
  },
});

test('a refused sign-in is told with its cause, the age of the data, and the way out', async () => {
  show(refused);
  const note = await screen.findByRole('alert');
  expect(note).toHaveTextContent(/^Zoho has refused our sign-in since /);
  expect(note).toHaveTextContent('The refresh token was revoked (invalid_code).');
  expect(note).toHaveTextContent('2 h 14 min old. 12 edits wait here and are safe.');
  expect(screen.getByRole('link', { name: 'Reconnect' })).toHaveAttribute('href', '/crm-sync');
});

test('who may not reconnect is told who can', async () => {
  show(refused, 'editor');
  expect(await screen.findByRole('alert')).toHaveTextContent('An admin has to mend this');
  expect(screen.queryByRole('link')).not.toBeInTheDocument();
});

test('any other trouble is told with what to do', async () => {
  show(
    currentStatus({
      condition: 'failing',
      trouble: {
        since: '2026-08-17T00:28:00Z',
        code: 'disk_full',
        title: 'Disk full',
        detail: 'PostgreSQL has no room left.',
        fix: 'Free space on the database server.',
      },
    }),
    'viewer',
  );
  const note = await screen.findByRole('alert');
  expect(note).toHaveTextContent(/^Syncs have failed since /);
  expect(note).toHaveTextContent('PostgreSQL has no room left. Free space on the database server.');
});

test('stale data can be refreshed from the note by those who may', async () => {
  let started = 0;
  server.use(
    http.post('/api/live-sync/sync/incremental', ({ response }) => {
      started += 1;
      return response(202).json({
        message: 'Quick sync of Deals started.',
        session_id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11',
        status: 'pending',
        sync_since: null,
        note: null,
      });
    }),
  );
  const stale = currentStatus({ condition: 'stale', data_age: 2_820, late_by: 1_920 });
  const { user, unmount } = show(stale);
  expect(
    await screen.findByText('Data is 47 min old. The next sync is late by 32 min.'),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Quick sync' }));
  await waitFor(() => {
    expect(started).toBe(1);
  });
  unmount();
  show(stale, 'viewer');
  await screen.findByText(/late by 32 min/);
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

test('spent credits say from when on scheduled syncs go on', async () => {
  const { credits } = currentStatus();
  show(
    currentStatus({
      next_sync_hold: 'budget_spent',
      credits: { ...credits, used: 84_640, scheduled_from: '2026-08-17T06:20:00Z' },
    }),
  );
  expect(
    await screen.findByText(/^92% of the credits are used\. Scheduled syncs pause until about /),
  ).toBeVisible();
});

test('when all is well nothing stands there', async () => {
  const { container } = show(currentStatus());
  await waitFor(() => {
    expect(container.querySelector('[data-kind]')).toBeNull();
  });
});

test('each part that is away is named, with the cure for those who can bring it back', async () => {
  const away: Readiness = {
    ...allThere,
    ready: false,
    worker: { ok: false, message: 'No worker is alive.', fix: 'Start one: `pulse up`.' },
  };
  const { unmount } = show(currentStatus(), 'admin', away);
  expect(await screen.findByText('No worker is alive.')).toBeVisible();
  expect(screen.getByText(/Start one: `pulse up`\./)).toBeVisible();
  unmount();
  show(currentStatus(), 'viewer', away);
  expect(await screen.findByText('No worker is alive.')).toBeVisible();
  expect(screen.getByText(/An admin can mend this\./)).toBeVisible();
});

test('workers that nobody can hear of are not called dead', async () => {
  const away = { ok: false, message: 'Redis cannot be reached.', fix: 'Check that it is running.' };
  show(currentStatus(), 'admin', {
    ...allThere,
    ready: false,
    broker: away,
    worker: { ...away, message: 'Workers are reached through Redis, which does not answer.' },
  });
  expect(await screen.findByText('Redis cannot be reached.')).toBeVisible();
  expect(screen.queryByText(/Workers are reached/)).not.toBeInTheDocument();
});
