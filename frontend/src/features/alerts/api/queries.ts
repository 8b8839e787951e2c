/** What the page of alerts asks of the server. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { FilterQuery } from '@/lib/deal-filters';
import type { AlertRule } from '@/lib/queries/alerts';

export type AlertState = Schema['AlertState'];
export type AlertPage = Schema['AlertPage'];
export type AlertQuestion = {
  filters: FilterQuery;
  status: AlertState;
  rules: readonly AlertRule[];
};

const ON_A_PAGE = 50;

export const alertsQuery = ({ filters, status, rules }: AlertQuestion) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'list', filters, status, rules],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/alerts', {
          params: {
            query: { ...filters, status, rule: [...rules], limit: ON_A_PAGE, offset: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page: AlertPage) =>
      page.has_more ? page.offset + page.items.length : undefined,
    placeholderData: keepPreviousData,
    meta: { topics: ['alerts', 'records', 'settings', 'schema', 'connection'] },
  });
