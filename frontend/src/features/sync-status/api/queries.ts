/** What the Sync Status Monitor asks of the server. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { type HistoryFilter, LENGTH_MS, PAGE_ROWS, type Range } from '../lib/search';

export type Health = Schema['Health'];
export type Run = Schema['SessionSummary'];
export type RunInFull = Schema['SessionHistory'];
export type Performance = Schema['Performance'];
export type OutOfSync = Schema['RecordOutOfSync'];
export type OpenStatus = Schema['OpenStatus'];

/** Ranges end now: without an event, old runs still leave them. */
const EVERY_MINUTE = 60_000;

export const healthQuery = (range: Range) =>
  queryOptions({
    queryKey: ['sync-status', 'health', range],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/sync-status/health', { params: { query: { range } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MINUTE,
    meta: { topics: ['session', 'records'] },
  });

export const outOfSyncQuery = (status: readonly OpenStatus[], limit: number, page = 1) =>
  queryOptions({
    queryKey: ['sync-status', 'out-of-sync', status, limit, page],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/sync-status/records/out-of-sync', {
          params: { query: { status: [...status], limit, offset: (page - 1) * limit } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta: { topics: ['session', 'records'] },
  });

export const historyQuery = (range: Range, filter: HistoryFilter, page: number) =>
  queryOptions({
    queryKey: ['sync-status', 'history', range, filter, page],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/sync-status/history', {
          params: {
            query: {
              status: [...filter.status],
              sync_type: [...filter.kind],
              trigger: [...filter.trigger],
              created_from: new Date(Date.now() - LENGTH_MS[range]).toISOString(),
              limit: PAGE_ROWS,
              offset: (page - 1) * PAGE_ROWS,
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MINUTE,
    meta: { topics: ['session'] },
  });

export const performanceQuery = (range: Range) =>
  queryOptions({
    queryKey: ['sync-status', 'performance', range],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/sync-status/performance', { params: { query: { range } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MINUTE,
    meta: { topics: ['session'] },
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['sync-status', 'run', id],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/sync-status/history/{session_id}', {
          params: { path: { session_id: id } },
          signal,
        }),
      ),
    meta: { topics: ['session'] },
  });

const LOG_ROWS = 200;

/** The lines of a log behind its first 200, which come with the run. */
export const restOfLogQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['sync-status', 'run', id, 'log'],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/sync-status/history/{session_id}/log', {
          params: { path: { session_id: id }, query: { limit: LOG_ROWS, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: LOG_ROWS,
    getNextPageParam: ({ has_more, offset, limit }) => (has_more ? offset + limit : undefined),
    // Lines that are written stay as they are.
    staleTime: Infinity,
    enabled: false,
  });
