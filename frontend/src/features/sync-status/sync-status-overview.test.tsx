import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import SyncStatusPage from './sync-status-page';
import { aHealthyDay, cells, DATABASE_AWAY, EMPTY_HEALTH, HEALTH, NOW } from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (at = '/sync-status') => renderApp(<SyncStatusPage />, { at });

describe('Overview', () => {
  test('opens with how the runs went and what is not in sync', async () => {
    aHealthyDay();
    show();

    expect(await screen.findByText(/^Healthy\./)).toHaveTextContent(
      'Healthy. 95 of 96 runs in the last 24 hours succeeded, and 9 of 48,210 records are not in sync.',
    );
  });

  test('tells the four numbers with the fact that matters', async () => {
    aHealthyDay();
    show();

    await screen.findByText('48,201', { selector: 'ul *' });
    const numbers = screen.getByRole('list', { name: 'Sync health' });
    expect(within(numbers).getByText('99.0% of 96 runs succeeded')).toBeInTheDocument();
    expect(within(numbers).getByText('of 48,210, 99.98%')).toBeInTheDocument();
    expect(within(numbers).getByText('waiting for sync, oldest 3 min 50 s')).toBeInTheDocument();
    expect(within(numbers).getByText('require attention, oldest 3 h')).toBeInTheDocument();
  });

  test('says of each status what it means and how large its share is', async () => {
    aHealthyDay();
    show();

    const table = await screen.findByRole('table', { name: 'Records by status' });
    expect(within(table).getAllByRole('row').slice(1).map(cells)).toEqual([
      ['Synced', 'Both sides hold the same values', '48,201', '99.981%', '', ''],
      ['Pending', 'Edited locally, on its way to the CRM', '4', '0.008%', '', 'Show '],
      [
        'Conflict',
        'Both sides changed the same field. Someone decides',
        '3',
        '0.006%',
        '',
        'Show ',
      ],
      [
        'Error',
        'The CRM refused the change, or the record may no longer be seen',
        '2',
        '0.004%',
        '',
        'Show ',
      ],
      ['Total', '48,210', '100%', ''],
    ]);
  });

  test('lists the last runs with what they read, changed and cost', async () => {
    aHealthyDay();
    show();

    const table = await screen.findByRole('table', { name: 'Last runs' });
    const [first = [], second = []] = within(table).getAllByRole('row').slice(1).map(cells);
    expect(first.slice(1)).toEqual([
      'Quick',
      'Schedule',
      'Completed',
      '188',
      '11',
      '3',
      '4',
      '0.9 s',
    ]);
    expect(second[3]).toBe(
      'Failed:The CRM answered 503 five times. It is tried again at the next interval.',
    );
  });

  test('opens the records of one status with the reason of each', async () => {
    aHealthyDay();
    const { user, address } = show();

    await user.click(await screen.findByRole('link', { name: 'Show records: Error' }));

    expect(address()).toBe('/sync-status?records=error');
    const drawer = await screen.findByRole('dialog', { name: 'Not in sync: Error' });
    expect(
      await within(drawer).findByText('The CRM no longer shows this record to the connected user.'),
    ).toBeInTheDocument();
    expect(within(drawer).getByRole('link', { name: 'Dealer analytics' })).toHaveAttribute(
      'href',
      '/deals/554023000000235001',
    );
  });

  test('is calm when all is well', async () => {
    const total = HEALTH.record_status.total_count;
    aHealthyDay({
      ...HEALTH,
      sync_statistics: {
        ...HEALTH.sync_statistics,
        total_sessions: 4,
        successful_sessions: 4,
        failed_sessions: 0,
      },
      record_status: { ...EMPTY_HEALTH.record_status, total_count: total, synced_count: total },
    });
    show('/sync-status?range=1h');

    expect(await screen.findByText(/^Healthy\./)).toHaveTextContent(
      'Healthy. All 4 runs in the last hour succeeded, and all 48,210 records are in sync.',
    );
    expect(await screen.findByText('All 48,210 records are in sync.')).toBeInTheDocument();
  });

  test('before the first sync says so, and where to start one', async () => {
    aHealthyDay(EMPTY_HEALTH);
    show();

    expect(await screen.findByText(/^No run has ended/)).toHaveTextContent(
      'No run has ended in the last 24 hours, and no record is mirrored yet. Live Sync Control loads them.',
    );
    expect(screen.getByText('No runs yet')).toBeInTheDocument();
  });

  test('a range is kept in the address and asked for', async () => {
    aHealthyDay();
    const asked: (string | null)[] = [];
    server.use(
      http.get('/api/sync-status/health', ({ request, response }) => {
        asked.push(new URL(request.url).searchParams.get('range'));
        return response(200).json(HEALTH);
      }),
    );
    const { user, address } = show();

    await user.click(await screen.findByRole('radio', { name: '7 d' }));

    expect(address()).toBe('/sync-status?range=7d');
    await waitFor(() => {
      expect(asked).toEqual(['24h', '7d']);
    });
  });

  test('a failed panel says why while the others go on', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/pulse', ({ response }) => response(503).json(DATABASE_AWAY)),
    );
    show();

    const failure = await screen.findByRole('alert');
    expect(failure).toHaveTextContent('The runs could not be read');
    expect(failure).toHaveTextContent('The database did not answer within 10 s.');
    expect(screen.getByRole('table', { name: 'Last runs' })).toBeInTheDocument();
  });

  test('where nobody knows how many conflicts are open, says so and nothing else of them', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/live-sync/status/current', ({ response }) =>
        response(503).json(DATABASE_AWAY),
      ),
    );
    show();

    expect(await screen.findByText('could not be counted')).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: /Conflicts/ })).toHaveTextContent(/^Conflicts$/);
    expect(screen.getByText(/^Healthy\./)).toHaveTextContent(
      '9 of 48,210 records are not in sync.',
    );
  });

  test('where health fails, what does not need it is shown all the same', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/health', ({ response }) => response(503).json(DATABASE_AWAY)),
    );
    show();

    expect(await screen.findByRole('alert')).toHaveTextContent('Sync health could not be computed');
    expect(await screen.findByRole('link', { name: 'Dealer analytics' })).toBeInTheDocument();
    expect(await screen.findByText('bar height: deals changed')).toBeInTheDocument();
    expect(screen.queryByRole('table', { name: 'Last runs' })).not.toBeInTheDocument();
  });
});
