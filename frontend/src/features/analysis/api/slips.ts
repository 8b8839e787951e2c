/** Deals whose closing date was moved later, and those that are past it and still open. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { Question } from '@/lib/pipeline-address';

export type Slips = Schema['SlippedDeals'];
export type SlipKind = Schema['SlipKind'];
export type SlippedDeal = Schema['SlippedDealRow'];

/** Deals that the panel shows at once. */
export const SHOWN = 6;
const PAGE = 50;
const meta = { topics: ['records', 'settings', 'schema', 'connection'] } as const;

export const slipsQuery = (question: Question, kind: SlipKind) =>
  queryOptions({
    queryKey: ['analysis', 'slips', question, kind],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/analysis/slips', {
          params: { query: { ...question, kind, limit: SHOWN } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta,
  });

export const allSlipsQuery = (question: Question, kind: SlipKind) =>
  infiniteQueryOptions({
    queryKey: ['analysis', 'all-slips', question, kind],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/analysis/slips', {
          params: { query: { ...question, kind, limit: PAGE, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ offset, items, has_more }) =>
      has_more ? offset + items.length : undefined,
    meta,
  });
