/** What pages ask about deals as a whole: columns, values that they have, what they add up to. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { DealsAsked } from '@/lib/deal-filters';

export type ColumnLine = Schema['ColumnLine'];

export const dealsSummary = (filters: DealsAsked) =>
  queryOptions({
    queryKey: ['deals', 'summary', filters],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/deals/summary', { params: { query: filters }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: ['records', 'settings', 'connection'] },
  });

export const dealsFacet = (of: string, filters: DealsAsked, search: string) =>
  queryOptions({
    queryKey: ['deals', 'facet', of, filters, search],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/deals/facets', { params: { query: { ...filters, of, search } }, signal }),
      ),
    placeholderData: keepPreviousData,
    meta: { topics: ['records'] },
  });

export const dealsColumns = queryOptions({
  queryKey: ['deals', 'columns'],
  queryFn: ({ signal }) => answered(api.GET('/api/deals/columns', { signal })),
  staleTime: 300_000,
  meta: { topics: ['schema', 'settings'] },
});
