/** Saved views: one's own and those that others share. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, ApiProblem, api, type Schema } from '@/lib/api';
import { tellError } from '@/lib/toast';

export type SavedView = Schema['SavedView'];
export type ViewPage = Schema['ViewPage'];

const PAGE_ROWS = 200;

/** All views of a page, or of every page, that this person can open, by name. */
export const viewsQuery = (page?: ViewPage) =>
  queryOptions({
    queryKey: ['views', 'list', page ?? 'all'],
    queryFn: async ({ signal }) => {
      const all: SavedView[] = [];
      for (;;) {
        const query = { ...(page && { page }), limit: PAGE_ROWS, offset: all.length };
        const part = await answered(api.GET('/api/views', { params: { query }, signal }));
        all.push(...part.items);
        if (!part.has_more || part.items.length === 0) return all;
      }
    },
  });

export const viewQueryOf = (id: string) =>
  queryOptions({
    queryKey: ['views', 'one', id],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/views/{view_id}', { params: { path: { view_id: id } }, signal })),
  });

/** Whether there is no such view, or none for this person to see. */
export const isUnknownView = (error: Error | null): boolean =>
  error instanceof ApiProblem && (error.status === 404 || error.status === 422);

/** What was done leaves every list of views old; the one that was changed is known. */
function useAfter() {
  const queries = useQueryClient();
  return async (view: SavedView): Promise<void> => {
    queries.setQueryData(viewQueryOf(view.id).queryKey, view);
    await queries.invalidateQueries({ queryKey: ['views', 'list'] });
  };
}

export function useSaveView() {
  const after = useAfter();
  return useMutation({
    mutationFn: (body: Schema['NewView']) => answered(api.POST('/api/views', { body })),
    onSuccess: after,
  });
}

export function useChangeView() {
  const after = useAfter();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Schema['ViewChange']) =>
      answered(api.PATCH('/api/views/{view_id}', { params: { path: { view_id: id } }, body })),
    onSuccess: after,
  });
}

export function useDeleteView() {
  const after = useAfter();
  return useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE('/api/views/{view_id}', { params: { path: { view_id: id } } })),
    onSuccess: after,
  });
}

export function useRestoreView() {
  const after = useAfter();
  return useMutation({
    mutationFn: (id: string) =>
      answered(api.POST('/api/views/{view_id}/restore', { params: { path: { view_id: id } } })),
    onSuccess: after,
    // Told also when the page that deleted it has been left meanwhile.
    onError: (error) => {
      tellError(error, 'The view was not brought back.');
    },
  });
}
