/** How a pipeline moved between two moments, and the deals behind each bar. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { FilterQuery } from '@/lib/deal-filters';

export type Movement = Schema['PipelineMovement'];
export type Bucket = Schema['Bucket'];

/** The same filters at both moments; null is now, or seven days before. */
export type MovementAsked = {
  filters: FilterQuery;
  asOf: string | null;
  comparedWith: string | null;
};

const TOPICS = ['records', 'settings', 'connection'] as const;
const DEALS_A_PAGE = 50;

const queryOf = ({ filters, asOf, comparedWith }: MovementAsked) => ({
  ...filters,
  ...(asOf !== null && { as_of: asOf }),
  ...(comparedWith !== null && { compared_with: comparedWith }),
});

export const movementQuery = (asked: MovementAsked) =>
  queryOptions({
    queryKey: ['analysis', 'movement', asked],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/analysis/movement', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

export const movedDealsQuery = (asked: MovementAsked, bucket: Bucket) =>
  infiniteQueryOptions({
    queryKey: ['analysis', 'movement', 'deals', asked, bucket],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/analysis/movement/deals', {
          params: {
            query: { ...queryOf(asked), bucket, limit: DEALS_A_PAGE, offset: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ offset, items, has_more }) =>
      has_more ? offset + items.length : undefined,
    meta: { topics: TOPICS },
  });
