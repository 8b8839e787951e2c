/** The list of opportunities, which its own page and the neighbours of one of them ask for. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { paths } from '@/api/schema';
import { answered, api, type Schema } from '@/lib/api';

export type Opportunity = Schema['OpportunityRow'];
export type OpportunitySummary = Schema['OpportunitySummary'];
export type OpportunitiesAsked = NonNullable<
  paths['/api/o2r/opportunities']['get']['parameters']['query']
>;

const TOPICS = ['records', 'settings', 'schema', 'connection', 'o2r'] as const;
const PAGE_ROWS = 100;

export const opportunitiesQuery = (asked: OpportunitiesAsked) =>
  infiniteQueryOptions({
    queryKey: ['opportunities', 'list', asked],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/o2r/opportunities', {
          params: { query: { ...asked, limit: PAGE_ROWS, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.has_more ? page.offset + page.items.length : undefined),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

export const opportunitiesSummary = (asked: OpportunitiesAsked) =>
  queryOptions({
    queryKey: ['opportunities', 'summary', asked],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/o2r/opportunities/summary', { params: { query: asked }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

/** The places around one of the list: itself with those before and after it. */
export const opportunitiesAround = (asked: OpportunitiesAsked, place: number) =>
  queryOptions({
    queryKey: ['opportunities', 'around', asked, place],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/o2r/opportunities', {
          params: { query: { ...asked, limit: 3, offset: Math.max(0, place - 1) } },
          signal,
        }),
      ),
    meta: { topics: TOPICS },
  });
