import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { expect, it } from 'vitest';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { currentStatus, syncing } from '@/testing/sync-state';
import { NeedsDeals } from './needs-deals';

const UNCONNECTED = currentStatus({
  condition: 'not_connected',
  last_sync_at: null,
  last_run: null,
});
const UNLOADED = currentStatus({ condition: 'never_synced', last_sync_at: null, last_run: null });

function open(current: CurrentStatus | null, role: Role = 'admin', until?: 'begun') {
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) =>
      current === null
        ? response.untyped(new Response(null, { status: 503 }))
        : response(200).json(current),
    ),
  );
  renderApp(
    <Routes>
      <Route element={<NeedsDeals until={until ?? 'loaded'} />}>
        <Route path="*" element={<p>The page</p>} />
      </Route>
    </Routes>,
    { at: '/o2r/review', role },
  );
}

const isHidden = (): void => {
  expect(screen.queryByText('The page')).not.toBeInTheDocument();
};

it('leads an admin to connect the CRM, under the name of the page', async () => {
  open(UNCONNECTED);
  expect(await screen.findByRole('heading', { level: 1, name: 'Weekly Review' })).toBeVisible();
  expect(screen.getByText(/^No CRM is connected, so there is nothing to show/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Connect the CRM' })).toHaveAttribute(
    'href',
    '/crm-sync',
  );
  isHidden();
});

it('tells others whom to ask', async () => {
  open(UNCONNECTED, 'editor');
  expect(
    await screen.findByText('An admin has to connect the CRM first: Daniel Koh.'),
  ).toBeVisible();
  expect(screen.queryByRole('link')).not.toBeInTheDocument();
});

it('leads an editor to the first full sync once a CRM is connected', async () => {
  open(UNLOADED, 'editor');
  expect(await screen.findByText('Nothing has been loaded from the CRM yet.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Run the first full sync' })).toHaveAttribute(
    'href',
    '/live-sync?action=full',
  );
  isHidden();
});

it('tells a viewer who can run it', async () => {
  open(UNLOADED, 'viewer');
  expect(
    await screen.findByText(
      'An editor has to run the first full sync: Priya Raghunathan, Marcus Tan.',
    ),
  ).toBeVisible();
  expect(screen.queryByRole('link')).not.toBeInTheDocument();
});

it('says that it is running', async () => {
  open({ ...syncing(), last_sync_at: null });
  expect(await screen.findByText('The first full sync is running.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Watch it' })).toHaveAttribute('href', '/live-sync');
  isHidden();
});

it('says that it failed, and lets it be run again', async () => {
  open(
    currentStatus({
      condition: 'failing',
      last_sync_at: null,
      trouble: {
        code: 'crm_unavailable',
        title: 'Zoho does not answer',
      } as NonNullable<CurrentStatus['trouble']>,
    }),
  );
  expect(await screen.findByText(/The last sync failed: Zoho does not answer\./)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Run the first full sync' })).toBeVisible();
});

it.each([
  ['deals that arrive', { ...syncing(), last_sync_at: null }],
  ['what a connection left that has ended', { ...UNCONNECTED, last_run: currentStatus().last_run }],
])('lets a list show %s', async (_, current) => {
  open(current, 'viewer', 'begun');
  expect(await screen.findByText('The page')).toBeVisible();
});

it('opens the page once a full sync is complete, whatever has happened since', async () => {
  open(currentStatus({ condition: 'not_connected' }));
  expect(await screen.findByText('The page')).toBeVisible();
});

it('opens the page where nobody knows how the mirror stands', async () => {
  open(null);
  expect(await screen.findByText('The page')).toBeVisible();
});
