/** Saved views of a list as the server keeps them; what was written to it is noted. */
import type { SavedView } from '@/lib/queries/views';
import { http, server } from './server';

type Written = { method: string; path: string; body: unknown };

export const VIEW_ID = '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b20';

export const viewOf = (page: SavedView['page'], query: string): SavedView => ({
  id: VIEW_ID,
  page,
  name: 'Monday list',
  query,
  is_shared: false,
  owner: 'Daniel Koh',
  is_mine: true,
  may_change: true,
  created_at: '2026-08-10T00:02:11Z',
  updated_at: '2026-08-10T00:02:11Z',
});

/** Answers what is asked of one view, and of none by any other id; returns what is written. */
export function serveView(view: SavedView): Written[] {
  const written: Written[] = [];
  const note = async (request: Request): Promise<Partial<SavedView>> => {
    const text = await request.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Partial<SavedView>;
    written.push({ method: request.method, path: new URL(request.url).pathname, body });
    return body;
  };
  server.use(
    http.get('/api/views', ({ response }) =>
      response(200).json({ count: 1, items: [view], limit: 200, offset: 0, has_more: false }),
    ),
    http.get('/api/views/{view_id}', ({ params, response }) =>
      params.view_id === view.id
        ? response(200).json(view)
        : response(404).json({
            type: 'urn:pulse:problem:saved_view_not_found',
            title: 'Not found',
            status: 404,
            detail: 'There is no saved view.',
            code: 'saved_view_not_found',
            fix: null,
            errors: null,
          }),
    ),
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
  return written;
}
