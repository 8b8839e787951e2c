import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Schema } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { Bell } from './bell';

const NOW = new Date('2026-08-17T00:42:00Z');
const CLASHES: Schema['NoticeItem'] = {
  id: '8',
  kind: 'conflicts',
  message: '3 conflicts wait for a decision.',
  link: '/sync-status?tab=conflicts',
  created_at: '2026-08-17T00:05:00Z',
  is_read: false,
};
const EARLIER: Schema['NoticeItem'] = {
  ...CLASHES,
  id: '7',
  message: '1 conflict waits for a decision.',
  created_at: '2026-08-16T23:05:00Z',
  is_read: true,
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

function told(items: Schema['NoticeItem'][]): string[] {
  const read: string[] = [];
  server.use(
    http.get('/api/notices', ({ response }) =>
      response(200).json({ items, unread: items.filter((item) => !item.is_read).length }),
    ),
    http.post('/api/notices/read', async ({ request, response }) => {
      read.push((await request.json()).up_to);
      return response(200).json({
        items: items.map((item) => ({ ...item, is_read: true })),
        unread: 0,
      });
    }),
  );
  return read;
}

test('says how many notices are unread, and reads them all once it is opened', async () => {
  const read = told([CLASHES, EARLIER]);
  const { user } = renderApp(<Bell />);

  await user.click(await screen.findByRole('button', { name: 'Notices, 1 unread' }));

  const list = await screen.findByRole('list', { name: '2 notices' });
  const [first, second] = list.querySelectorAll('li');
  expect(first).toHaveTextContent('3 conflicts wait for a decision.37 min · new');
  expect(second).toHaveTextContent(/^1 conflict waits for a decision\./);
  expect(second).not.toHaveTextContent('new');
  await waitFor(() => {
    expect(read).toEqual(['8']);
  });
  expect(await screen.findByRole('button', { name: 'Notices' })).toBeInTheDocument();
  // What was new stays marked while the list is open.
  expect(first).toHaveTextContent('new');
});

test('leads to what a notice is about, and closes', async () => {
  told([CLASHES]);
  const { user } = renderApp(<Bell />);

  await user.click(await screen.findByRole('button', { name: 'Notices, 1 unread' }));
  const link = await screen.findByRole('link', { name: '3 conflicts wait for a decision.' });
  expect(link).toHaveAttribute('href', '/sync-status?tab=conflicts');
  await user.click(link);

  await waitFor(() => {
    expect(screen.queryByRole('list')).not.toBeInTheDocument();
  });
});

test('is calm without notices, and reads nothing', async () => {
  const read = told([]);
  const { user } = renderApp(<Bell />);

  await user.click(await screen.findByRole('button', { name: 'Notices' }));

  expect(await screen.findByText('Nothing needs you.')).toBeInTheDocument();
  expect(read).toEqual([]);
});
