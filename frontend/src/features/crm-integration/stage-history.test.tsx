import { notifications } from '@mantine/notifications';
import { screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Schema } from '@/lib/api';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { StageImport } from './api/stage-history';
import { StageHistory } from './components/stage-history';
import { problem } from './testing';

const DONE: StageImport = {
  id: '019ab3e0-5a10-7c4e-8f52-0c6d2f1f7a10',
  state: 'completed',
  requested_by: 'first sync',
  requested_at: '2026-03-02T09:31:00Z',
  started_at: '2026-03-02T09:31:01Z',
  finished_at: '2026-03-02T09:31:09Z',
  source: 'coql',
  rows_read: 18_240,
  rows_total: 18_240,
  rows_kept: 18_102,
  credits: 31,
  error_code: null,
  error_message: null,
  error_fix: null,
  next_try_at: null,
};

afterEach(() => {
  // Toasts outlive the page that they were told on.
  notifications.clean();
});

/** Answers one import after another; the last one stays. */
function show(answers: (StageImport | null)[], role: Role = 'admin') {
  const left = [...answers];
  server.use(
    http.get('/api/analysis/stage-history', ({ response }) =>
      response(200).json({ latest: (left.length > 1 ? left.shift() : left[0]) ?? null }),
    ),
    http.get('/api/deals/summary', ({ response }) =>
      response(200).json({
        count: 1,
        total_count: 1,
        value: 0,
        weighted: 0,
        currency: 'SGD',
        without_rate: [],
        conflicts: 0,
        rates: [],
        rates_read_at: null,
        is_past: false,
        history_began: '2025-03-02T09:30:00Z',
      } satisfies Schema['DealSummary']),
    ),
  );
  return renderApp(<StageHistory />, { role });
}
const factOf = async (label: string) =>
  (await screen.findByText(label, { selector: 'dt' })).nextElementSibling?.textContent;

test('a whole import tells what the CRM told, what was left out, and since when we observe', async () => {
  show([DONE]);

  expect(await factOf('State')).toBe('Completed');
  expect(await factOf('Told by the CRM')).toBe('18,102 rows');
  expect(await factOf('Left out')).toBe('138 rows of deals deleted since');
  expect(await factOf('Read')).toBe('by queries (COQL), 31 credits');
  expect(await factOf('Observed by us')).toMatch(/^since Mar 2, 2025/);
});

test('an admin imports again and sees how far it is until it is whole', async () => {
  const running: StageImport = { ...DONE, state: 'running', rows_read: 9_120, finished_at: null };
  const { user } = show([DONE, running, { ...DONE, rows_kept: 18_240 }]);
  let started = 0;
  server.use(
    http.post('/api/analysis/stage-history/import', ({ response }) => {
      started += 1;
      return response(202).json({ ...running, state: 'waiting', rows_read: 0 });
    }),
  );
  await user.click(await screen.findByRole('button', { name: 'Import again' }));

  expect(await screen.findByText('9,120 of 18,240 rows')).toBeVisible();
  expect(started).toBe(1);
  expect(screen.queryByRole('button', { name: /^Import/ })).toBeNull();
  expect(await screen.findByText('18,240 rows', {}, { timeout: 4_000 })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Import again' })).toBeVisible();
});

test('a failed import says why, when it goes on, and what an admin can do now', async () => {
  show([
    {
      ...DONE,
      state: 'unavailable',
      error_code: 'no_permission',
      error_message: 'The CRM refuses the module DealHistory.',
      error_fix: 'Give the connected user the right to read it, then import again.',
      next_try_at: '2025-03-02T10:31:00Z',
    },
  ]);

  const note = await screen.findByRole('alert');
  expect(note).toHaveTextContent(
    'The CRM refuses the module DealHistory. Give the connected user the right to read it, then import again.',
  );
  expect(note).toHaveTextContent(/Next try by itself: Mar 2, 2025/);
  expect(await factOf('State')).toBe('Failed');
  expect(screen.getByRole('button', { name: 'Import now' })).toBeVisible();
});

test('that an import runs already is told, and that one is shown', async () => {
  const running: StageImport = { ...DONE, state: 'running', rows_read: 5, rows_total: null };
  const { user } = show([DONE, running]);
  server.use(
    http.post('/api/analysis/stage-history/import', ({ response }) =>
      response(409).json(problem(409, 'stage_import_running', 'It is imported already.')),
    ),
  );
  await user.click(await screen.findByRole('button', { name: 'Import again' }));

  expect(await screen.findByText(/It is imported already\./)).toBeVisible();
  expect(await screen.findByText('5 rows')).toBeVisible();
});

test('others see how it stands and are offered nothing; before the first sync all are told so', async () => {
  const { unmount } = show([DONE], 'editor');
  expect(await factOf('State')).toBe('Completed');
  expect(screen.queryByRole('button')).toBeNull();
  unmount();

  show([null]);
  const section = await screen.findByRole('region', { name: 'Stage history' });
  expect(
    await within(section).findByText(/^Read by itself after the first full sync\./),
  ).toBeVisible();
});
