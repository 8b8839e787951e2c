import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Role } from '@/lib/queries/session';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { currentStatus, endedSync, RUN_ID, syncing } from '@/testing/sync-state';
import type { Configuration, LoadPreview, SessionDetail } from './api/queries';
import LiveSyncPage from './live-sync-page';
import { loadPreview, sessionDetail } from './testing/answers';

const STORED: Configuration = {
  interval_minutes: 15,
  mode: 'bidirectional',
  scheduled_share: 0.6,
};

let current: CurrentStatus;
let detail: SessionDetail;
let preview: LoadPreview;
let asked: unknown[];

beforeEach(() => {
  current = currentStatus();
  detail = sessionDetail();
  preview = loadPreview();
  asked = [];
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) => response(200).json(current)),
    http.get('/api/live-sync/status/{session_id}', ({ response }) => response(200).json(detail)),
    http.get('/api/live-sync/plan', ({ response }) => response(200).json(preview)),
    http.get('/api/live-sync/configuration', ({ response }) => response(200).json(STORED)),
    http.post('/api/live-sync/sync/full', ({ request, response }) => {
      asked.push(new URL(request.url).pathname + new URL(request.url).search);
      return response(202).json(started);
    }),
    http.post('/api/live-sync/sync/incremental', ({ request, response }) => {
      asked.push(new URL(request.url).pathname + new URL(request.url).search);
      return response(202).json(started);
    }),
    http.post('/api/live-sync/sessions/{session_id}/cancel', ({ params, response }) => {
      asked.push(`cancel ${params.session_id}`);
      return response(202).json({ message: 'Asked.', session_id: RUN_ID, status: 'in_progress' });
    }),
    http.put('/api/live-sync/configuration', async ({ request, response }) => {
      const change = await request.json();
      asked.push(change);
      return response(200).json({ ...STORED, ...change });
    }),
  );
});

const started = {
  message: 'Full sync of Deals started.',
  session_id: RUN_ID,
  status: 'pending' as const,
  sync_since: null,
  note: null,
};

const show = (at = '/live-sync', role: Role = 'admin') => renderApp(<LiveSyncPage />, { at, role });

test('idle: the state in five numbers, the last run with its log, and the next sync', async () => {
  show();
  const numbers = await screen.findByRole('list', { name: 'State of the mirror' });
  await within(numbers).findByText('48,210');
  expect(numbers).toHaveTextContent('In sync');
  expect(numbers).toHaveTextContent('31 new today');
  expect(numbers).toHaveTextContent('3,184of 92,000 credits');
  expect(numbers).toHaveTextContent('88,816 left, no reset at midnight');
  const run = screen.getByRole('region', { name: 'Last run' });
  expect(run).toHaveTextContent('Quick sync of Deals completed');
  expect(run).toHaveTextContent('by schedule');
  expect(within(run).getByText('changed').parentElement).toHaveTextContent('18');
  expect(await screen.findByText('last run, 0.9 s')).toBeVisible();
  expect(await screen.findByText('Next scheduled sync')).toBeVisible();
});

test('leads from what waits and what clashes to where it is', async () => {
  current = currentStatus({ pending_changes: 4, conflicts: 3 });
  show();
  const numbers = await screen.findByRole('list', { name: 'State of the mirror' });
  expect(await within(numbers).findByRole('link', { name: '4' })).toHaveAttribute(
    'href',
    '/deals?state=pending',
  );
  expect(within(numbers).getByRole('link', { name: '3' })).toHaveAttribute(
    'href',
    '/sync-status?tab=conflicts',
  );
});

test('running: percent, records, rate and time left, slices and plan with what it has cost', async () => {
  current = syncing();
  show();
  const run = await screen.findByRole('region', { name: 'Active sync progress' });
  expect(run).toHaveTextContent('Full sync of Deals');
  expect(run).toHaveTextContent('by Priya Raghunathan');
  expect(within(run).getByText('done').parentElement).toHaveTextContent('62.2');
  expect(within(run).getByText('of 48,210 deals').parentElement).toHaveTextContent('30,026');
  expect(within(run).getByText('deals a second').parentElement).toHaveTextContent('4,060');
  expect(within(run).getByText('left, about').parentElement).toHaveTextContent('5.0 s');
  const [first, second] = within(within(run).getByRole('list', { name: 'Slices' })).getAllByRole(
    'listitem',
  );
  expect(first).toHaveTextContent('Slice 1 100%');
  expect(second).toHaveTextContent('Slice 2 99%');
  expect(screen.getByRole('row', { name: /COQL, 2 parallel slices/ })).toHaveTextContent('75');
  expect(screen.getByText(/Get Records would cost 167 more/)).toBeVisible();
  expect(screen.getByText('Spent so far: 59 credits, 25 calls.')).toBeVisible();
  expect(screen.getByText('CRM answered 429. Waiting 1.2 s, then asking again')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Quick Sync' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Full Sync' })).toBeDisabled();
});

test('on a phone a run comes first, and what cannot be pressed is not there', async () => {
  const wide = window.matchMedia.bind(window);
  vi.spyOn(window, 'matchMedia').mockImplementation((query) =>
    Object.assign(wide(query), { matches: query === '(max-width: 37.49em)' }),
  );
  current = syncing();
  show();
  const run = await screen.findByRole('region', { name: 'Active sync progress' });
  const numbers = screen.getByRole('list', { name: 'State of the mirror' });
  expect(run.compareDocumentPosition(numbers)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(within(run).getByRole('button', { name: 'Cancel sync' })).toBeEnabled();
  expect(screen.queryByRole('button', { name: 'Full Sync' })).not.toBeInTheDocument();
});

test('a screen reader hears of each ten percent, not of each record', async () => {
  current = syncing();
  show();
  await screen.findByRole('region', { name: 'Active sync progress' });
  expect(screen.getAllByRole('status').map((each) => each.textContent)).toContain(
    'Full sync of Deals: 60% done',
  );
});

test('a run that is nearly done is never shown as done', async () => {
  current = syncing({ progress_percentage: 99.9 });
  detail = sessionDetail({ progress_percentage: 99.9, records_processed: 48_209 });
  show();
  const run = await screen.findByRole('region', { name: 'Active sync progress' });
  expect(within(run).getByText('done').parentElement).toHaveTextContent('99.9');
});

test('a run of unknown length shows what is known, and no bar', async () => {
  current = syncing();
  detail = {
    ...sessionDetail({
      sync_type: 'incremental',
      progress_percentage: null,
      records_total: null,
      seconds_left: null,
      plan: null,
    }),
    slices: [],
  };
  show();
  const run = await screen.findByRole('region', { name: 'Active sync progress' });
  expect(within(run).getByText('deals so far').parentElement).toHaveTextContent('30,026');
  expect(within(run).queryByText('done')).not.toBeInTheDocument();
  expect(screen.queryByRole('heading', { name: 'Plan' })).not.toBeInTheDocument();
});

test('the rate chart says its conclusion and can be read as a table', async () => {
  current = syncing();
  const { user } = show();
  expect(
    await screen.findByRole('img', {
      name: '4,060 deals a second on average, 5,800 at most, 1 wait, about 5.0 s left',
    }),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Show as table' }));
  const table = screen.getByRole('region', { name: 'Rate as a table' });
  expect(
    within(table)
      .getAllByRole('row')
      .map((row) => row.textContent),
  ).toEqual([
    'Afterdeals a second',
    '1.0 s2,000',
    '1.5 s429, waited 1.2 s (Slice 2)',
    '2.0 s5,800',
  ]);
});

test('cancelling asks first, and says what stays', async () => {
  current = syncing();
  const { user } = show();
  await user.click(await screen.findByRole('button', { name: 'Cancel sync' }));
  const dialog = await screen.findByRole('dialog', { name: 'Stop this sync?' });
  expect(dialog).toHaveTextContent(
    '30,026 deals stay loaded. The next full sync goes on from here.',
  );
  expect(within(dialog).getByRole('button', { name: 'Keep running' })).toHaveFocus();
  await user.click(within(dialog).getByRole('button', { name: 'Stop sync' }));
  await waitFor(() => {
    expect(asked).toEqual([`cancel ${RUN_ID}`]);
  });
});

test('a link asks for a full sync and starts none; only the button does', async () => {
  const { user, address } = show('/live-sync?action=full');
  const dialog = await screen.findByRole('dialog', { name: 'Start a full sync?' });
  await within(dialog).findByText('COQL, 2 parallel slices');
  expect(dialog).toHaveTextContent('All 48,210 deals are read again and compared.');
  expect(dialog).toHaveTextContent('3,184 used +75 of 92,000');
  expect(dialog).toHaveTextContent('After it: 88,741 left');
  expect(asked).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Start full sync' }));
  await waitFor(() => {
    expect(asked).toEqual(['/api/live-sync/sync/full']);
  });
  await waitFor(() => {
    expect(address()).toBe('/live-sync');
  });
});

test('"Not now" has the focus, and leaves without a trace', async () => {
  const { user, address } = show();
  await user.click(await screen.findByRole('button', { name: 'Full Sync' }));
  const dialog = await screen.findByRole('dialog', { name: 'Start a full sync?' });
  expect(address()).toBe('/live-sync?action=full');
  const keep = within(dialog).getByRole('button', { name: /Not now/ });
  expect(keep).toHaveFocus();
  await user.click(keep);
  await waitFor(() => {
    expect(address()).toBe('/live-sync');
  });
  expect(asked).toEqual([]);
});

test('a load that goes on, costs a look, or is too dear says so', async () => {
  preview = loadPreview({
    counted_by: 'crm',
    is_affordable: false,
    resumes: { session_id: RUN_ID, records_loaded: 30_026, records_total: 48_210 },
    spent_by_preview: { calls: 1, credits: 1 },
  });
  show('/live-sync?action=full');
  const dialog = await screen.findByRole('dialog', { name: 'Start a full sync?' });
  await within(dialog).findByText(/stopped after 30,026 of 48,210 deals/);
  expect(dialog).toHaveTextContent('are read for the first time');
  expect(dialog).toHaveTextContent('Counting them in the CRM took 1 credit.');
  expect(dialog).toHaveTextContent('There are not enough credits left for this.');
  expect(within(dialog).getByRole('button', { name: 'Start full sync' })).toBeDisabled();
});

test('a quick sync starts at once', async () => {
  const { user } = show();
  const button = await screen.findByRole('button', { name: 'Quick Sync' });
  await waitFor(() => {
    expect(button).toBeEnabled();
  });
  await user.click(button);
  await waitFor(() => {
    expect(asked).toEqual(['/api/live-sync/sync/incremental']);
  });
});

test('before the first load a full sync comes first', async () => {
  current = currentStatus({
    condition: 'never_synced',
    status: 'never_synced',
    last_run: null,
    last_sync_at: null,
    data_at: null,
    data_age: null,
    next_sync_hold: 'full_sync_needed',
  });
  show();
  expect(await screen.findByText('No sync has run yet.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Quick Sync' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Full Sync' })).toBeEnabled();
});

test('not connected: an admin is led to connect, nothing can be started', async () => {
  current = currentStatus({
    condition: 'not_connected',
    last_run: null,
    data_at: null,
    data_age: null,
    last_sync_at: null,
  });
  show();
  expect(await screen.findByRole('link', { name: 'Connect the CRM' })).toHaveAttribute(
    'href',
    '/crm-sync',
  );
  expect(screen.getByRole('button', { name: 'Full Sync' })).toBeDisabled();
});

test('failed: what went wrong and what to do', async () => {
  current = currentStatus({
    condition: 'failing',
    status: 'failed',
    last_run: endedSync({ status: 'failed' }),
    trouble: {
      since: '2026-08-17T00:20:00Z',
      code: 'crm_unavailable',
      title: 'CRM not reachable',
      detail: 'No answer within 30 s.',
      fix: 'Check the network.',
    },
  });
  show();
  const run = await screen.findByRole('region', { name: 'Last run' });
  expect(run).toHaveTextContent('Quick sync of Deals failed');
  expect(run).toHaveTextContent('CRM not reachable. No answer within 30 s. Check the network.');
});

test('deletions that were held back are accepted by a person who was asked', async () => {
  current = currentStatus({
    condition: 'failing',
    status: 'failed',
    last_run: endedSync({ status: 'failed' }),
    trouble: {
      since: '2026-08-17T00:20:00Z',
      code: 'mass_deletion',
      title: 'Mass deletion held back',
      detail: '6,204 of 48,210 Deals are gone in the CRM (12.9 %). Nothing was removed here.',
      fix: null,
    },
  });
  const { user } = show();
  await user.click(await screen.findByRole('button', { name: 'Accept deletions' }));
  const dialog = await screen.findByRole('dialog', { name: 'Accept these deletions?' });
  expect(dialog).toHaveTextContent('6,204 of 48,210 Deals are gone in the CRM (12.9 %).');
  await user.click(within(dialog).getByRole('button', { name: 'Accept deletions' }));
  await waitFor(() => {
    expect(asked).toEqual(['/api/live-sync/sync/incremental?accept_deletions=true']);
  });
});

test('stopped: what was loaded stays', async () => {
  current = currentStatus({
    last_run: endedSync({ sync_type: 'full_sync', status: 'cancelled', requested_by: 'cli' }),
  });
  show();
  const run = await screen.findByRole('region', { name: 'Last run' });
  expect(run).toHaveTextContent('Full sync of Deals stopped');
  expect(run).toHaveTextContent('from the command line');
  expect(run).toHaveTextContent('The next full sync goes on from there.');
});

test('an admin changes one setting at a time, and it is stored at once', async () => {
  const { user } = show();
  await user.click(await screen.findByRole('radio', { name: '30 min' }));
  await waitFor(() => {
    expect(asked).toEqual([{ interval_minutes: 30 }]);
  });
  await user.click(screen.getByRole('radio', { name: 'Manual only' }));
  await user.click(screen.getByRole('radio', { name: /CRM to Local only/ }));
  await waitFor(() => {
    expect(asked).toEqual([
      { interval_minutes: 30 },
      { interval_minutes: null },
      { mode: 'crm_to_local' },
    ]);
  });
});

test('a change that is refused is taken back and told', async () => {
  server.use(
    http.put('/api/live-sync/configuration', ({ response }) =>
      response.untyped(
        Response.json(
          { code: 'role_needed', detail: 'This needs the role admin.', status: 403 },
          { status: 403 },
        ),
      ),
    ),
  );
  const { user } = show();
  await user.click(await screen.findByRole('radio', { name: '60 min' }));
  expect(await screen.findByText('The configuration was not saved.')).toBeVisible();
  await waitFor(() => {
    expect(screen.getByRole('radio', { name: '15 min' })).toBeChecked();
  });
});

test('an editor starts syncs and reads the configuration', async () => {
  show('/live-sync', 'editor');
  expect(await screen.findByText(/Admins set interval and mode/)).toBeVisible();
  expect(screen.getByRole('radio', { name: '30 min' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Full Sync' })).toBeEnabled();
});

test('a viewer reads all of it and can start and stop nothing, not even by a link', async () => {
  current = syncing();
  show('/live-sync?action=full', 'viewer');
  await screen.findByRole('region', { name: 'Active sync progress' });
  expect(screen.getByText(/Editors start and stop syncs/)).toBeVisible();
  for (const name of ['Quick Sync', 'Full Sync', 'Cancel sync']) {
    expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
  }
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('a page that cannot read the state says so and offers to try now', async () => {
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) =>
      response.untyped(
        Response.json(
          { code: 'database_unavailable', detail: 'PostgreSQL cannot be reached.', status: 503 },
          { status: 503 },
        ),
      ),
    ),
  );
  show();
  expect(await screen.findByText('The state of the mirror could not be read')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Try now' })).toBeVisible();
});
