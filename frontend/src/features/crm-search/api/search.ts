/** Search in the CRM itself: what can be asked, and pages of what it found. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type SearchableField = Schema['SearchableField'];
export type FoundDeal = Schema['CrmDeal'];
export type Operator = Schema['SearchOperator'];
export type Asked = Omit<Schema['SearchRequest'], 'page' | 'per_page'>;

const ROWS_A_PAGE = 50;

export const searchableFieldsQuery = queryOptions({
  queryKey: ['crm', 'search', 'fields'],
  queryFn: ({ signal }) => answered(api.GET('/api/records/search/fields', { signal })),
  meta: { topics: ['schema'] },
});

/** Each page costs a call to the CRM, so nothing but a person's wish reads one. */
export const searchQuery = (asked: Asked | null) =>
  infiniteQueryOptions({
    queryKey: ['crm', 'search', asked],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.POST('/api/records/search', {
          body: {
            ...(asked ?? { by: 'criteria', match: 'all', criteria: [] }),
            page: pageParam,
            per_page: ROWS_A_PAGE,
          },
          signal,
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.has_more ? last.page + 1 : undefined),
    enabled: asked !== null,
    staleTime: Infinity,
    retry: false,
  });
