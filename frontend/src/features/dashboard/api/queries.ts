/** What the Dashboard asks of the server; each panel for itself. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { Question } from '@/lib/pipeline-address';

export type NeedyDeals = Schema['NeedyDeals'];
export type NeedyDeal = Schema['NeedyDeal'];
export type RevenueAtRisk = Schema['RevenueAtRisk'];
export type Revenue = Schema['Revenue'];
export type RevenueMonth = Schema['RevenueMonth'];
export type RecentChange = Schema['RecentChange'];
export type FieldChange = Schema['FieldChange'];

const ENTRIES = 6;
const DEALS_A_PAGE = 50;
const JUDGED = { topics: ['records', 'o2r', 'settings', 'schema', 'connection'] } as const;
const PRICED = { topics: ['records', 'settings', 'schema', 'connection'] } as const;

export const attentionQuery = (question: Question) =>
  queryOptions({
    queryKey: ['dashboard', 'attention', question],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/dashboard/attention', { params: { query: question }, signal })),
    placeholderData: keepPreviousData,
    meta: JUDGED,
  });

export const riskQuery = (question: Question) =>
  queryOptions({
    queryKey: ['dashboard', 'risk', question],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/dashboard/risk', { params: { query: question }, signal })),
    placeholderData: keepPreviousData,
    meta: JUDGED,
  });

export const revenueQuery = (question: Question) =>
  queryOptions({
    queryKey: ['dashboard', 'revenue', question],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/dashboard/revenue', { params: { query: question }, signal })),
    placeholderData: keepPreviousData,
    meta: PRICED,
  });

/** Which deals a figure of revenue is made of: of a kind, between two days. */
export type RevenueAsked = { kind: Schema['RevenueKind']; first: string; last: string };

export const revenueDealsQuery = (question: Question, asked: RevenueAsked) =>
  infiniteQueryOptions({
    queryKey: ['dashboard', 'revenue', 'deals', question, asked],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/dashboard/revenue/deals', {
          params: { query: { ...question, ...asked, limit: DEALS_A_PAGE, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ offset, items, has_more }) =>
      has_more ? offset + items.length : undefined,
    meta: PRICED,
  });

export const recentChangesQuery = queryOptions({
  queryKey: ['changes', 'recent', ENTRIES],
  queryFn: ({ signal }) =>
    answered(api.GET('/api/changes/recent', { params: { query: { limit: ENTRIES } }, signal })),
  meta: { topics: ['records'] },
});

export const requiredFieldsQuery = queryOptions({
  queryKey: ['crm', 'required-fields'],
  queryFn: async ({ signal }) => {
    const metadata = await answered(api.GET('/api/crm/fields/metadata', { signal }));
    return metadata.required_fields_status;
  },
  meta: { topics: ['connection', 'schema'] },
});
