/** Where the mirror stands: asked by the header, the palette and several pages, so it lives here. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type CurrentStatus = Schema['CurrentStatus'];

export const currentStatusQuery = queryOptions({
  queryKey: ['live-sync', 'current'],
  queryFn: ({ signal }) => answered(api.GET('/api/live-sync/status/current', { signal })),
  meta: { topics: ['session', 'settings', 'connection', 'records'] },
  // Ages grow without an event, and a sync that is late sends none.
  refetchInterval: 30_000,
});

export type SyncKind = 'full' | 'incremental' | 'reconcile';

const START = {
  full: () => api.POST('/api/live-sync/sync/full'),
  incremental: () => api.POST('/api/live-sync/sync/incremental'),
  reconcile: () => api.POST('/api/live-sync/sync/reconcile'),
} as const;

/** Starts a sync; whoever calls it has asked the person first where that is due. */
export function useStartSync() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (kind: SyncKind) => answered(START[kind]()),
    onSettled: () => queries.invalidateQueries({ queryKey: ['live-sync'] }),
  });
}
