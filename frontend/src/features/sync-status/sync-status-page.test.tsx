import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import SyncStatusPage from './sync-status-page';
import {
  aHealthyDay,
  EMPTY_HEALTH,
  FAILED_RUN,
  HEALTH,
  NOTHING,
  page,
  PERFORMANCE,
  RUN,
  RUN_IN_FULL,
} from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-08-17T00:42:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (at = '/sync-status') => renderApp(<SyncStatusPage />, { at });
const cells = (row: HTMLElement): (string | null)[] =>
  within(row)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

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
      http.get('/api/sync-status/pulse', ({ response }) =>
        response(503).json({
          type: 'urn:pulse:problem:database_unavailable',
          title: 'Unavailable',
          status: 503,
          detail: 'The database did not answer within 10 s.',
          code: 'database_unavailable',
          fix: null,
          errors: null,
        }),
      ),
    );
    show();

    const failure = await screen.findByRole('alert');
    expect(failure).toHaveTextContent('The runs could not be read');
    expect(failure).toHaveTextContent('The database did not answer within 10 s.');
    expect(screen.getByRole('table', { name: 'Last runs' })).toBeInTheDocument();
  });
});

test('where health fails, what does not need it is shown all the same', async () => {
  aHealthyDay();
  server.use(
    http.get('/api/sync-status/health', ({ response }) =>
      response(503).json({
        type: 'urn:pulse:problem:database_unavailable',
        title: 'Unavailable',
        status: 503,
        detail: 'The database did not answer within 10 s.',
        code: 'database_unavailable',
        fix: null,
        errors: null,
      }),
    ),
  );
  show();

  expect(await screen.findByRole('alert')).toHaveTextContent('Sync health could not be computed');
  expect(await screen.findByRole('link', { name: 'Dealer analytics' })).toBeInTheDocument();
  expect(await screen.findByText('bar height: deals changed')).toBeInTheDocument();
  expect(screen.queryByRole('table', { name: 'Last runs' })).not.toBeInTheDocument();
});

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
        return response(200).json({
          ...page(items),
          by_status: { pending: 0, in_progress: 0, completed: 1, failed: 0, cancelled: 0 },
        });
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
        response(200).json({
          ...page([RUN, FAILED_RUN]),
          by_status: { pending: 0, in_progress: 0, completed: 95, failed: 1, cancelled: 0 },
        }),
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
        return response(200).json({
          ...page([RUN], 120),
          by_status: { pending: 0, in_progress: 0, completed: 120, failed: 0, cancelled: 0 },
        });
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

describe('Performance', () => {
  test('tells each figure of the range, and its charts in a sentence', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/performance', ({ response }) => response(200).json(PERFORMANCE)),
    );
    show('/sync-status?tab=performance');

    const efficiency = await screen.findByRole('article', { name: 'API efficiency' });
    expect(within(efficiency).getByText('62')).toBeInTheDocument();
    expect(
      screen.getByRole('img', {
        name: 'Average sync time: 1.0 s over the range, between 0.9 s and 1.2 s.',
      }),
    ).toBeInTheDocument();
    expect(screen.getByRole('meter', { name: 'Credits used' })).toHaveAttribute(
      'aria-valuetext',
      '3,184 of 92,000',
    );
  });

  test('shows the same as a table: a part in which nothing ran has dashes', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/performance', ({ response }) => response(200).json(PERFORMANCE)),
    );
    const { user } = show('/sync-status?tab=performance');

    await user.click(await screen.findByRole('button', { name: 'Show as table' }));

    const table = screen.getByRole('table', { name: 'Performance over time' });
    const rows = within(table).getAllByRole('row').slice(1).map(cells);
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['4', '1', '1.2 s', '9,000', '58.4', '10.0%', '10', '20'],
      ['0', '0', '–', '–', '–', '–', '0', '0'],
      ['4', '0', '0.9 s', '15,000', '66', '0.0%', '12', '24'],
      ['8', '1', '1.0 s', '12,000', '62', '4.5%', '22', '44'],
    ]);
    expect(rows.at(-1)?.[0]).toBe('Whole range');
  });

  test('of a range in which nothing ran says so', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/performance', ({ response }) =>
        response(200).json({
          ...PERFORMANCE,
          total: NOTHING,
          parts: PERFORMANCE.parts.map((part) => ({ ...part, ...NOTHING })),
        }),
      ),
    );
    show('/sync-status?tab=performance&range=1h');

    expect(await screen.findByText('No sync has run in the last hour.')).toBeInTheDocument();
    expect(
      screen.getByRole('img', { name: 'Error rate: no run in this range.' }),
    ).toBeInTheDocument();
  });
});

describe('a run', () => {
  test('opens by its address with changes, plan, calls and log', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/history/{session_id}', ({ response }) =>
        response(200).json(RUN_IN_FULL),
      ),
    );
    show(`/sync-status?run=${RUN.id}`);

    const drawer = await screen.findByRole('dialog', { name: 'Sync run' });
    expect(
      await within(drawer).findByRole('heading', { name: 'Full sync of Deals' }),
    ).toBeInTheDocument();
    const facts = within(drawer).getAllByRole('definition');
    expect(facts.map(({ textContent }) => textContent)).toEqual([
      '188 records',
      '3',
      '7',
      '1',
      '3',
      '4',
    ]);
    const plan = within(drawer).getByRole('table', { name: 'Plan' });
    expect(within(plan).getAllByRole('row').slice(1).map(cells)).toEqual([
      ['COQL, chosen', '8', '25', '75', '11 s'],
      ['Pages', '1', '242', '242', '52 s'],
    ]);
    const calls = within(drawer).getByRole('table', { name: 'Calls and credits' });
    expect(within(calls).getAllByRole('row').slice(1).map(cells)).toEqual([
      ['Query (COQL)', '25', '1', '75', '512 ms'],
      ['List of deletions', '2', '0', '2', '1.2 s'],
      ['Total', '27', '1', '77', ''],
    ]);
    expect(within(drawer).getByText('Started.')).toBeInTheDocument();
    expect(within(drawer).getByText('Asked for: Mei Tan')).toBeInTheDocument();
  });

  test('that failed says why and what to do', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/history/{session_id}', ({ response }) =>
        response(200).json({
          ...RUN_IN_FULL,
          session: FAILED_RUN,
          changes: null,
          plan: null,
          error: {
            code: 'crm_unavailable',
            title: 'The CRM is away',
            detail: 'The CRM answered 503 five times.',
            fix: 'It is tried again at the next interval.',
          },
        }),
      ),
    );
    show(`/sync-status?run=${FAILED_RUN.id}`);

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The CRM answered 503 five times. It is tried again at the next interval. (crm_unavailable)',
    );
    expect(screen.queryByRole('table', { name: 'Plan' })).not.toBeInTheDocument();
  });

  test('with a long log shows the rest when asked', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/history/{session_id}', ({ response }) =>
        response(200).json({ ...RUN_IN_FULL, log_is_cut: true }),
      ),
      http.get('/api/sync-status/history/{session_id}/log', ({ request, response }) => {
        expect(new URL(request.url).searchParams.get('offset')).toBe('200');
        const [line] = RUN_IN_FULL.log;
        return response(200).json({
          ...page(line ? [{ ...line, message: 'Line 201.' }] : [], 201),
          has_more: false,
        });
      }),
    );
    const { user } = show(`/sync-status?run=${RUN.id}`);

    await user.click(await screen.findByRole('button', { name: 'Show more lines' }));

    expect(await screen.findByText('Line 201.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Show more lines' })).not.toBeInTheDocument();
  });

  test('that is not there is no failure of the page', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/history/{session_id}', ({ response }) =>
        response(404).json({
          type: 'urn:pulse:problem:session_not_found',
          title: 'Not found',
          status: 404,
          detail: 'There is no session.',
          code: 'session_not_found',
          fix: null,
          errors: null,
        }),
      ),
    );
    show('/sync-status?run=01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b99');

    expect(await screen.findByText(/There is no run at this address/)).toBeInTheDocument();
  });

  test('closes and leaves the address as it was', async () => {
    aHealthyDay();
    server.use(
      http.get('/api/sync-status/history/{session_id}', ({ response }) =>
        response(200).json(RUN_IN_FULL),
      ),
    );
    const { user, address } = show(`/sync-status?range=7d&run=${RUN.id}`);
    await screen.findByRole('dialog', { name: 'Sync run' });

    await user.keyboard('{Escape}');

    expect(address()).toBe('/sync-status?range=7d');
  });
});
