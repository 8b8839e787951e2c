import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import SyncStatusPage from './sync-status-page';
import { aHealthyDay, FAILED_RUN, history, NOW, RUN } from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (at: string) => renderApp(<SyncStatusPage />, { at });

describe('Sync History', () => {
  test('asks for what the address filters, and clears it where nothing is found', async () => {
    aHealthyDay();
    const asked: string[] = [];
    server.use(
      http.get('/api/sync-status/history', ({ request, response }) => {
        const query = new URL(request.url).searchParams;
        asked.push(
          [query.getAll('status'), query.getAll('sync_type'), query.get('created_from')].join(' '),
        );
        const items = query.has('status') ? [] : [RUN];
        return response(200).json(history(items));
      }),
    );
    const { user, address } = show(
      '/sync-status?tab=history&range=7d&status=failed&status=cancelled&kind=full_sync',
    );

    await user.click(await screen.findByRole('link', { name: 'Clear filters' }));

    expect(address()).toBe('/sync-status?tab=history&range=7d');
    expect(await screen.findByText('1 run in the last 7 days')).toBeInTheDocument();
    expect(asked).toEqual([
      'failed,cancelled full_sync 2026-08-10T00:42:00.000Z',
      '  2026-08-10T00:42:00.000Z',
    ]);
  });

  test('a filter is added, and shows how many runs each choice has', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/history', ({ response }) =>
        response(200).json(history([RUN, FAILED_RUN], { completed: 95, failed: 1 })),
      ),
    );
    const { user, address } = show('/sync-status?tab=history');
    await screen.findByRole('table', { name: 'Sync History' });

    await user.click(screen.getByRole('button', { name: 'Filter' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Result' }));
    await user.click(await screen.findByRole('checkbox', { name: 'Failed 1' }));

    expect(address()).toBe('/sync-status?tab=history&status=failed');
  });

  test('goes to older runs page by page', async () => {
    aHealthyDay();
    const offsets: (string | null)[] = [];
    server.use(
      http.get('/api/sync-status/history', ({ request, response }) => {
        offsets.push(new URL(request.url).searchParams.get('offset'));
        return response(200).json(history([RUN], { completed: 120 }));
      }),
    );
    const { user, address } = show('/sync-status?tab=history');

    await user.click(await screen.findByRole('button', { name: 'Older' }));

    expect(address()).toBe('/sync-status?tab=history&page=2');
    await waitFor(() => {
      expect(offsets).toEqual(['0', '50']);
    });
  });
});
