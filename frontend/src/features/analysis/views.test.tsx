import { screen, waitFor, within } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { SavedView } from '@/lib/queries/views';
import { onUndoKey } from '@/lib/undo';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import AnalysisPage from './analysis-page';
import { asked, serve, VIEW, VIEW_ID } from './testing';

const MINE: SavedView = { ...VIEW, is_mine: true, may_change: true, owner: 'Daniel Koh' };
const sent = vi.fn<(method: string, path: string, body: unknown) => void>();

const open = (at = '/analysis') => renderApp(<AnalysisPage />, { at, path: '/analysis/:id?' });
const CHANGED = { selector: '[role=status]' };
const title = (name: string) => screen.findByRole('heading', { level: 1, name });

/** Answers writes as the server would, and notes them. */
function takeWrites(view: SavedView = MINE): void {
  const note = async (request: Request): Promise<Partial<SavedView>> => {
    const text = await request.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Partial<SavedView>;
    sent(request.method, new URL(request.url).pathname, body);
    return body;
  };
  server.use(
    http.post('/api/views', async ({ request, response }) =>
      response(201).json({ ...view, ...(await note(request)) }),
    ),
    http.patch('/api/views/{view_id}', async ({ request, response }) =>
      response(200).json({ ...view, ...(await note(request)) }),
    ),
    http.delete('/api/views/{view_id}', async ({ request, response }) =>
      response(200).json({ ...view, ...(await note(request)) }),
    ),
    http.post('/api/views/{view_id}/restore', async ({ request, response }) =>
      response(200).json({ ...view, ...(await note(request)) }),
    ),
  );
}

beforeAll(() => {
  document.addEventListener('keydown', onUndoKey);
});
afterAll(() => {
  document.removeEventListener('keydown', onUndoKey);
});
beforeEach(() => {
  sent.mockClear();
});

it('an address that names a view shows what it keeps, under its name', async () => {
  serve();
  const { address } = open(`/analysis/${VIEW_ID}`);

  expect(await title('Monday pipeline')).toBeVisible();
  expect(await screen.findByText(/^Shared view by Priya Raghunathan · 214 deals/)).toBeVisible();
  expect(address()).toBe(`/analysis/${VIEW_ID}?${VIEW.query}`);
  expect(asked.get('numbers')?.getAll('segment')).toEqual(['Public']);
  expect(screen.queryByText(/^Changed/, CHANGED)).toBeNull();
});

it('a view that is changed says so; others may only reset it', async () => {
  serve();
  const { user, address } = open(`/analysis/${VIEW_ID}?closing=all&segment=Public`);

  const status = await screen.findByText(/^Changed/, CHANGED);
  expect(within(status).queryByRole('button', { name: 'Save' })).toBeNull();
  await user.click(within(status).getByRole('button', { name: 'Reset' }));
  expect(address()).toBe(`/analysis/${VIEW_ID}?${VIEW.query}`);
  await waitFor(() => {
    expect(screen.queryByText(/^Changed/, CHANGED)).toBeNull();
  });
});

it('its owner saves the change into it', async () => {
  serve({ views: [MINE] });
  takeWrites();
  const { user } = open(`/analysis/${VIEW_ID}?closing=all&segment=Public&open=~India`);

  const status = await screen.findByText(/^Changed/, CHANGED);
  await user.click(within(status).getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    expect(screen.queryByText(/^Changed/, CHANGED)).toBeNull();
  });
  expect(sent).toHaveBeenCalledExactlyOnceWith('PATCH', `/api/views/${VIEW_ID}`, {
    query: 'closing=all&probability=presales&segment=Public&outcome=open',
  });
});

it('the menu lists one’s own views and those of others, and opens them', async () => {
  serve({ views: [{ ...MINE, id: '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b21', name: 'Mine' }, VIEW] });
  const { user, address } = open();
  await title('Analysis');

  await user.click(screen.getByRole('button', { name: 'Views' }));
  expect(await screen.findByRole('menuitem', { name: 'Mine shared' })).toBeVisible();
  expect(screen.getByText('Shared by others')).toBeVisible();
  await user.click(screen.getByRole('menuitem', { name: 'Monday pipeline Priya Raghunathan' }));
  expect(await title('Monday pipeline')).toBeVisible();
  expect(address()).toBe(`/analysis/${VIEW_ID}?${VIEW.query}`);
});

it('saves the page under a name, shared, and opens it there', async () => {
  serve({ views: [MINE] });
  takeWrites();
  const { user, address } = open('/analysis?country=India');
  await title('Analysis');

  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Save as a new view…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Save as a view' });
  await user.type(within(dialog).getByLabelText('Name'), ' India ');
  await user.click(within(dialog).getByRole('checkbox', { name: 'Share with everybody' }));
  await user.click(within(dialog).getByRole('button', { name: 'Save view' }));

  const query = 'closing=current_quarter&probability=presales&country=India&outcome=open';
  await waitFor(() => {
    expect(address()).toBe(`/analysis/${VIEW_ID}?${query}`);
  });
  expect(sent).toHaveBeenCalledExactlyOnceWith('POST', '/api/views', {
    page: 'analysis',
    name: 'India',
    query,
    is_shared: true,
  });
  expect(await screen.findByText('View saved: India')).toBeVisible();
});

it('keeps the dialog open and says why a name cannot be taken', async () => {
  serve();
  server.use(
    http.post('/api/views', ({ response }) =>
      response(409).json({
        type: 'urn:pulse:problem:view_name_taken',
        title: 'Conflict',
        status: 409,
        detail: "name: there is a view 'India' of this page already.",
        code: 'view_name_taken',
        fix: 'Take another name, or save into that view.',
        errors: null,
      }),
    ),
  );
  const { user } = open();
  await title('Analysis');
  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Save as a new view…' }));
  await user.type(await screen.findByLabelText('Name'), 'India{Enter}');

  expect(await screen.findByRole('alert')).toHaveTextContent(
    "name: there is a view 'India' of this page already. Take another name, or save into that view.",
  );
  expect(screen.getByLabelText('Name')).toHaveValue('India');
});

it('renames, shares with nobody, and offers neither for another’s view', async () => {
  serve({ views: [MINE] });
  takeWrites();
  const { user, unmount } = open(`/analysis/${VIEW_ID}`);
  await title('Monday pipeline');

  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Rename…' }));
  const name = await screen.findByLabelText('Name');
  await user.clear(name);
  await user.type(name, 'Tuesday{Enter}');
  expect(await title('Tuesday')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Share with nobody' }));
  expect(await screen.findByText(/^Your view · 214 deals/)).toBeVisible();
  expect(sent.mock.calls.map(([, , body]) => body)).toEqual([
    { name: 'Tuesday' },
    { is_shared: false },
  ]);
  unmount();

  serve();
  const { user: another } = open(`/analysis/${VIEW_ID}`);
  await title('Monday pipeline');
  await another.click(screen.getByRole('button', { name: 'Views' }));
  expect(await screen.findByRole('menuitem', { name: 'Save as a new view…' })).toBeVisible();
  expect(screen.queryByRole('menuitem', { name: 'Rename…' })).toBeNull();
  expect(screen.queryByRole('menuitem', { name: 'Delete' })).toBeNull();
});

it('deletes a view, stays on what it showed, and takes it back by undo', async () => {
  serve({ views: [MINE] });
  takeWrites();
  const { user, address } = open(`/analysis/${VIEW_ID}`);
  await title('Monday pipeline');

  await user.click(screen.getByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
  expect(await title('Analysis')).toBeVisible();
  expect(address()).toBe(`/analysis?${VIEW.query}`);
  expect(await screen.findByText(/^View deleted: Monday pipeline./)).toBeVisible();
  await user.keyboard('{Control>}z{/Control}');
  expect(await title('Monday pipeline')).toBeVisible();
  expect(address()).toBe(`/analysis/${VIEW_ID}?${VIEW.query}`);
  expect(sent.mock.calls.map(([method, path]) => `${method} ${path}`)).toEqual([
    `DELETE /api/views/${VIEW_ID}`,
    `POST /api/views/${VIEW_ID}/restore`,
  ]);
});

it('says that there is no such view, and leads to the page without one', async () => {
  serve({ views: [] });
  open(`/analysis/${VIEW_ID}`);

  expect(await screen.findByText(/There is no such view/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Open the analysis without a view' })).toHaveAttribute(
    'href',
    '/analysis',
  );
});
