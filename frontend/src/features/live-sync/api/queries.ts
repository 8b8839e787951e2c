/** What Live Sync Control asks of the server, and what it can tell it to do. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type SessionDetail = Schema['SessionDetail'];
export type Session = Schema['SessionProgress'];
export type Activity = Schema['Activity'];
export type RateOverTime = Schema['RateOverTime'];
export type SliceState = Schema['SliceState'];
export type SourceOption = Schema['SourceOption'];
export type LoadPreview = Schema['LoadPreview'];
export type Configuration = Schema['Configuration'];
export type ConfigurationChange = Partial<Configuration>;
export type PullKind = 'full' | 'incremental' | 'reconcile';

const KEY = 'live-sync';

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, 'session', id],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/live-sync/status/{session_id}', {
          params: { path: { session_id: id } },
          signal,
        }),
      ),
    meta: { topics: ['session'] },
  });

export const configurationQuery = queryOptions({
  queryKey: [KEY, 'configuration'],
  queryFn: ({ signal }) => answered(api.GET('/api/live-sync/configuration', { signal })),
  meta: { topics: ['settings'] },
});

/** What a full sync would do now; asking anew each time, because credits and speed change. */
export const planQuery = queryOptions({
  queryKey: [KEY, 'plan'],
  queryFn: ({ signal }) =>
    answered(api.GET('/api/live-sync/plan', { params: { query: { sync_type: 'full' } }, signal })),
  staleTime: 0,
  gcTime: 0,
});

export function useStopSync() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(
        api.POST('/api/live-sync/sessions/{session_id}/cancel', {
          params: { path: { session_id: id } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}

const ACCEPTING = { params: { query: { accept_deletions: true } } };
const REPEAT = {
  full: () => api.POST('/api/live-sync/sync/full', ACCEPTING),
  incremental: () => api.POST('/api/live-sync/sync/incremental', ACCEPTING),
  reconcile: () => api.POST('/api/live-sync/sync/reconcile', ACCEPTING),
} as const;

/** Repeats a run that the mass-deletion brake held back, and lets it delete this once. */
export function useAcceptDeletions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (kind: PullKind) => answered(REPEAT[kind]()),
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Stores one change of the configuration; the page shows it at once and takes it back if refused. */
export function useConfigure() {
  const queries = useQueryClient();
  const key = configurationQuery.queryKey;
  return useMutation({
    mutationFn: (change: ConfigurationChange) =>
      // What is left out of a change stays as it is: its type has defaults for all the same.
      answered(
        api.PUT('/api/live-sync/configuration', {
          body: change as Schema['ConfigurationChange'],
        }),
      ),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: key });
      const before = queries.getQueryData(key);
      if (before) queries.setQueryData(key, { ...before, ...change });
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) queries.setQueryData(key, context.before);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
}
