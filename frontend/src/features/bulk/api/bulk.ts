/** What Bulk Operations asks of the server, and what it can tell it to do. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type Preview = Schema['Preview'];
type PreviewRequest = Schema['PreviewRequest'];
export type BulkSession = Schema['BulkSession'];
export type BulkPlan = Schema['BulkPlan'];
export type ItemResult = Schema['ItemResult'];
export type ItemState = Schema['ItemState'];
export type ShownChange = Schema['ShownChange'];
export type Operation = 'small_batch' | 'mass_update' | 'bulk_write';
export type Wanted = Omit<PreviewRequest, 'operation'> & { operation: Operation };

const KEY = 'bulk';
/** Operations on a page of the list. */
export const PAGE_OPERATIONS = 20;
/** Records that are asked for together. */
export const PAGE_ITEMS = 100;

export const viewsQuery = queryOptions({
  queryKey: [KEY, 'views'],
  queryFn: ({ signal }) => answered(api.GET('/api/bulk/views', { signal })),
  staleTime: 300_000,
  meta: { topics: ['connection'] },
});

/** Asked anew each time that it is looked at: what it counts changes. */
export const previewQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ['bulk-preview', wanted],
    queryFn: ({ signal }) => answered(api.POST('/api/bulk/preview', { body: wanted, signal })),
    staleTime: 0,
    gcTime: 0,
  });

export const operationsQuery = (page: number) =>
  queryOptions({
    queryKey: [KEY, 'operations', page],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/bulk/operations', {
          params: { query: { limit: PAGE_OPERATIONS, offset: (page - 1) * PAGE_OPERATIONS } },
          signal,
        }),
      ),
    meta: { topics: ['session'] },
  });

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, 'operation', id],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/bulk/operation/{session_id}/status', {
          params: { path: { session_id: id } },
          signal,
        }),
      ),
    meta: { topics: ['session'] },
  });

export const itemsQuery = (id: string, state: ItemState | null, page: number) =>
  queryOptions({
    queryKey: [KEY, 'items', id, state, page],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/bulk/operation/{session_id}/items', {
          params: {
            path: { session_id: id },
            query: {
              ...(state !== null && { state: [state] }),
              limit: PAGE_ITEMS,
              offset: page * PAGE_ITEMS,
            },
          },
          signal,
        }),
      ),
    meta: { topics: ['session'] },
  });

export const undoPreviewQuery = (id: string) =>
  queryOptions({
    queryKey: ['bulk-undo', id],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/bulk/operation/{session_id}/undo', {
          params: { path: { session_id: id } },
          signal,
        }),
      ),
    staleTime: 0,
    gcTime: 0,
  });

/** Starts what was previewed, and returns the operation's id. */
export function useStart() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ operation, ...wanted }: Wanted & { confirmed_count: number }) => {
      switch (operation) {
        case 'small_batch':
          return (await answered(api.POST('/api/bulk/small-batch', { body: wanted }))).session_id;
        case 'mass_update':
          return (await answered(api.POST('/api/bulk/mass-update', { body: wanted }))).session_id;
        case 'bulk_write':
          return (await answered(api.POST('/api/bulk/write', { body: wanted }))).session_id;
      }
    },
    // Not waited for: what it shows anew may take away the part that waits for the answer.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: [KEY] });
    },
  });
}

export function useCancel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(
        api.POST('/api/bulk/operation/{session_id}/cancel', {
          params: { path: { session_id: id } },
        }),
      ),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: [KEY] });
    },
  });
}

export function useUndo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(
        api.POST('/api/bulk/operation/{session_id}/undo', {
          params: { path: { session_id: id } },
        }),
      ),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: [KEY] });
    },
  });
}
