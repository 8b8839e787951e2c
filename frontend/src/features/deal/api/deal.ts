/** What the page of one deal asks for. */
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { answered, api, ApiProblem, type Schema } from '@/lib/api';

export type Deal = Schema['DealDetail'];
export type DealField = Schema['DealFieldValue'];
export type Entry = Schema['TimelineEntry'];
export type FieldChange = Schema['FieldChange'];
export type RecordSync = Schema['RecordSync'];
export type TimelineKind = Schema['TimelineKind'];
export type Value = NonNullable<DealField['value']>;

export const TOPICS = ['records', 'schema', 'settings', 'connection'] as const;

export const keyOf = (id: string) => ['deals', 'one', id] as const;

export const dealQuery = (id: string) =>
  queryOptions({
    queryKey: keyOf(id),
    queryFn: ({ signal }) =>
      answered(api.GET('/api/deals/{deal_id}', { params: { path: { deal_id: id } }, signal })),
    meta: { topics: TOPICS },
  });

/** How long deals usually stay in a stage, over the last twelve months. It moves slowly. */
export const stageTimesQuery = queryOptions({
  queryKey: ['analysis', 'stages', {}],
  queryFn: ({ signal }) => answered(api.GET('/api/analysis/stages', { signal })),
  staleTime: 600_000,
  meta: { topics: ['settings', 'schema'] },
});

export const timelineQuery = (id: string, kind: TimelineKind) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(id), 'timeline', kind],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/deals/{deal_id}/timeline', {
          params: {
            path: { deal_id: id },
            query: pageParam === null ? { kind } : { kind, before: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (part) => part.before,
    meta: { topics: TOPICS },
  });

/** `list` is the query of the table, as its address has it; parameters of looks alone are ignored. */
export const neighboursQuery = (id: string, list: string) =>
  queryOptions({
    queryKey: [...keyOf(id), 'neighbours', list],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/deals/{deal_id}/neighbours', {
          params: { path: { deal_id: id } },
          querySerializer: () => list.replace(/^\?/, ''),
          signal,
        }),
      ),
    meta: { topics: ['records'] },
  });

export type Direction = Schema['Direction'];

/** Reads the deal from the CRM now, sends its edits there, or both. */
export function useForceSync(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (direction: Direction) =>
      answered(
        api.POST('/api/records/{record_id}/sync', {
          params: { path: { record_id: id }, query: { direction } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(id) }),
  });
}

/** Returns whether an error says that there is no such deal: an unknown id, or no id at all. */
export const isUnknown = (error: Error | null): boolean =>
  error instanceof ApiProblem && (error.status === 404 || error.status === 422);
