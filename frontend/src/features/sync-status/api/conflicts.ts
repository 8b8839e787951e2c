/** What the tab Conflicts asks of the server, and what it lets a person decide. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { type CurrentStatus, currentStatusQuery } from '@/lib/queries/sync-state';

export type Conflict = Schema['Conflict'];
export type ConflictField = Schema['ConflictField'];
export type Resolution = Schema['Resolution'];
export type SelectionAction = Schema['ManyResolution']['action'];
type ManyResolution = Schema['ManyResolution'];

const PAGE_ROWS = 50;
const TOPICS = ['records', 'settings'] as const;

/** How many records ask for a decision: those that were skipped do not, here as in the sidebar. */
export const openCountQuery = {
  ...currentStatusQuery,
  select: ({ conflicts }: CurrentStatus): number => conflicts,
};

export const conflictsQuery = (skipped: boolean) =>
  infiniteQueryOptions({
    queryKey: ['sync-status', 'conflicts', { skipped }],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/sync-status/conflicts', {
          params: { query: { skipped, limit: PAGE_ROWS, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ has_more, offset, limit }) => (has_more ? offset + limit : undefined),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

/** A record that a link names, and that is in no part of the queue which was loaded. */
export const conflictQuery = (id: string) =>
  queryOptions({
    queryKey: ['sync-status', 'conflict', id],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/sync-status/conflicts/{conflict_id}', {
          params: { path: { conflict_id: id } },
          signal,
        }),
      ),
    meta: { topics: TOPICS },
  });

export const formQuery = (dealId: string) =>
  queryOptions({
    queryKey: ['deals', 'form', dealId],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/deals/{deal_id}/form', {
          params: { path: { deal_id: dealId } },
          signal,
        }),
      ),
    meta: { topics: ['records', 'schema'] },
  });

const countAgain = (queries: QueryClient) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['sync-status'] }),
    queries.invalidateQueries({ queryKey: currentStatusQuery.queryKey }),
  ]);

export function useResolve() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Resolution & { id: string }) =>
      answered(
        api.POST('/api/sync-status/conflicts/{conflict_id}/resolve', {
          params: { path: { conflict_id: id } },
          body,
        }),
      ),
    onSettled: () => countAgain(queries),
  });
}

/** Takes the last decision back, which let the CRM win: the edits clash again. */
export function useUndo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(
        api.POST('/api/sync-status/conflicts/{conflict_id}/undo', {
          params: { path: { conflict_id: id } },
        }),
      ),
    onSettled: () => countAgain(queries),
  });
}

export function useResolveAll() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ManyResolution) =>
      answered(api.POST('/api/sync-status/conflicts/resolve-all', { body })),
    onSettled: () => countAgain(queries),
  });
}
