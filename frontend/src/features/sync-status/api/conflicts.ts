/** What the tab Conflicts asks of the server, and what it lets a person decide. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type Conflict = Schema['Conflict'];
export type ConflictField = Schema['ConflictField'];
export type Resolution = Schema['Resolution'];
export type SelectionAction = Schema['ManyResolution']['action'];
type ManyResolution = Schema['ManyResolution'];

const PAGE_ROWS = 50;
const TOPICS = ['records', 'settings'] as const;

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
    onSettled: () => queries.invalidateQueries({ queryKey: ['sync-status'] }),
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
    onSettled: () => queries.invalidateQueries({ queryKey: ['sync-status'] }),
  });
}

export function useResolveAll() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ManyResolution) =>
      answered(api.POST('/api/sync-status/conflicts/resolve-all', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sync-status'] }),
  });
}
