import { screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import SyncStatusPage from './sync-status-page';
import {
  aHealthyDay,
  cells,
  FAILED_RUN,
  giveRun,
  NOW,
  page,
  problem,
  RUN,
  RUN_IN_FULL,
} from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (at: string) => renderApp(<SyncStatusPage />, { at });

describe('a run', () => {
  test('opens by its address with changes, plan, calls and log', async () => {
    aHealthyDay();
    giveRun(RUN_IN_FULL);
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
    giveRun({
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
    });
    show(`/sync-status?run=${FAILED_RUN.id}`);

    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The CRM answered 503 five times. It is tried again at the next interval. (crm_unavailable)',
    );
    expect(screen.queryByRole('table', { name: 'Plan' })).not.toBeInTheDocument();
  });

  test('with a long log shows the rest when asked', async () => {
    aHealthyDay();
    giveRun({ ...RUN_IN_FULL, log_is_cut: true });
    server.use(
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
        response(404).json(problem(404, 'session_not_found', 'There is no session.')),
      ),
    );
    show('/sync-status?run=01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b99');

    expect(await screen.findByText(/There is no run at this address/)).toBeInTheDocument();
  });

  test('closes and leaves the address as it was', async () => {
    aHealthyDay();
    giveRun(RUN_IN_FULL);
    const { user, address } = show(`/sync-status?range=7d&run=${RUN.id}`);
    await screen.findByRole('dialog', { name: 'Sync run' });

    await user.keyboard('{Escape}');

    expect(address()).toBe('/sync-status?range=7d');
  });
});
