/** What the weekly review asks of the server. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type WeeklyReview = Schema['WeeklyReview'];
export type ReviewFigure = Schema['ReviewFigure'];
export type ReviewDeal = Schema['ReviewDeal'];
export type ReviewAction = Schema['ReviewAction'];
export type ReviewInsight = Schema['ReviewInsight'];
export type MoveList = Schema['MoveList'];
export type Group = Schema['Group'];
export type ReviewMailing = Schema['ReviewMailing'];
export type MailTo = Schema['MailTo'];

/** `week`: its Monday, null for the usual one. `territory`: a deal's region, empty for none. */
export type ReviewAsked = { week: string | null; territory: string | null };

const TOPICS = ['records', 'o2r', 'schema', 'settings', 'session'] as const;
const DEALS_A_PAGE = 50;

const queryOf = ({ week, territory }: ReviewAsked) => ({
  ...(week !== null && { week }),
  ...(territory !== null && { region: [territory] }),
});

export const reviewQuery = (asked: ReviewAsked) =>
  queryOptions({
    queryKey: ['review', 'week', asked],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/review', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

export const reviewDealsQuery = (asked: ReviewAsked, group: Group, owner: string | null) =>
  infiniteQueryOptions({
    queryKey: ['review', 'deals', asked, group, owner],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/review/deals', {
          params: {
            query: {
              ...queryOf(asked),
              ...(owner !== null && { owner: [owner] }),
              group,
              limit: DEALS_A_PAGE,
              offset: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ offset, items, has_more }) =>
      has_more ? offset + items.length : undefined,
    meta: { topics: TOPICS },
  });

export const mailingQuery = queryOptions({
  queryKey: ['review', 'mail'],
  queryFn: ({ signal }) => answered(api.GET('/api/review/mail', { signal })),
  meta: { topics: ['settings', 'access'] },
});

export function useSendReview() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ to, week, territory }: { to: MailTo; week: string; territory: string | null }) =>
      answered(
        api.POST('/api/review/mail', {
          body: { to, week, ...(territory !== null && { region: territory }) },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: mailingQuery.queryKey }),
  });
}
