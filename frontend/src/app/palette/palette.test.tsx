import { spotlight } from '@mantine/spotlight';
import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { Palette } from './palette';

const DEAL = {
  id: '554023000000512001',
  name: 'ERP synthesis programme',
  account: 'Nusantara Telekom',
  owner: 'Dewi Lestari',
  stage: 'Evaluation',
  value: 1284600,
};

const VIEW = {
  id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b20',
  page: 'analysis' as const,
  name: 'Synergy, Monday',
  query: 'closing=all&segment=Public',
  is_shared: true,
  owner: 'Priya Raghunathan',
  is_mine: false,
  may_change: false,
  created_at: '2026-08-10T00:02:11Z',
  updated_at: '2026-08-10T00:02:11Z',
};

/** Answers what is typed: deals and saved views that are called so. */
function find(deals: (typeof DEAL)[]): void {
  server.use(
    http.get('/api/deals/search', ({ query, response }) =>
      response(200).json({ items: query.get('q') === 'syn' ? deals : [], currency: 'SGD' }),
    ),
    http.get('/api/views', ({ response }) =>
      response(200).json({ count: 1, items: [VIEW], limit: 200, offset: 0, has_more: false }),
    ),
  );
}

function open(role: 'viewer' | 'editor' = 'editor') {
  const app = renderApp(<Palette />, { role });
  act(() => {
    spotlight.open();
  });
  return app;
}

test('a deal is found by its name and opened', async () => {
  find([DEAL]);
  const { user, address } = open();
  await user.type(await screen.findByRole('textbox', { name: 'Search or jump to' }), 'syn');
  const row = await screen.findByRole('button', { name: /Nusantara Telekom/ });
  expect(row).toHaveTextContent('ERP synthesis programmeNusantara Telekom · Evaluation');
  expect(row).toHaveTextContent('S$ 1,284,600');
  await user.click(row);
  await waitFor(() => {
    expect(address()).toBe('/deals/554023000000512001');
  });
});

test('a saved view is found by its name and opened as it was saved', async () => {
  find([]);
  const { user, address } = open();
  await user.type(await screen.findByRole('textbox', { name: 'Search or jump to' }), 'syner');
  const row = await screen.findByRole('button', {
    name: /View of the analysis by Priya Raghunathan/,
  });
  expect(row).toHaveTextContent('Synergy, Monday');
  await user.click(row);
  await waitFor(() => {
    expect(address()).toBe(`/analysis/${VIEW.id}?closing=all&segment=Public`);
  });
});

test('a full sync is asked for on its page, never started from here', async () => {
  const { user, address } = open();
  await user.type(await screen.findByRole('textbox', { name: 'Search or jump to' }), '>full');
  await user.click(await screen.findByRole('button', { name: /Full CRM sync/ }));
  await waitFor(() => {
    expect(address()).toBe('/live-sync?action=full');
  });
});

test('a quick sync starts at once, and a refusal is told', async () => {
  server.use(
    http.post('/api/live-sync/sync/incremental', ({ response }) =>
      response(409).json({
        type: 'urn:pulse:problem:sync_already_running',
        title: 'Conflict',
        status: 409,
        code: 'sync_already_running',
        detail: 'A sync of Deals is already running.',
        fix: 'Follow it, or cancel it first.',
        errors: null,
      }),
    ),
  );
  const { user } = open();
  await user.click(await screen.findByRole('button', { name: /Quick sync/ }));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'A sync of Deals is already running. Follow it, or cancel it first.',
  );
});

test('viewers are offered pages and deals, and nothing that writes', async () => {
  open('viewer');
  expect(await screen.findByRole('button', { name: /Live Sync Control/ })).toBeVisible();
  expect(screen.queryByRole('button', { name: /Quick sync/ })).toBeNull();
  expect(screen.queryByRole('button', { name: /Administration/ })).toBeNull();
});
