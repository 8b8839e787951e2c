/** What the table reads. Every change of the mirror makes it old; what is shown is read again in place. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { DealsAsked } from '@/lib/deal-filters';
import type { RowsQuery } from '../lib/list-params';

export type DealRow = Schema['DealRow'];
export type DealSummary = Schema['DealSummary'];
export type ColumnLine = Schema['ColumnLine'];

/** Rows that are asked for together. */
export const PAGE_ROWS = 100;

/** Which rows: filters, order, and the CRM fields to show beside the canonical ones. */
export type List = { filters: DealsAsked; sort: string; columns: readonly string[] };

export type RowsPage = { items: DealRow[]; hasMore: boolean; tookMs: number };

export const dealsPage = (list: List, page: number) =>
  queryOptions({
    queryKey: ['deals', 'rows', list, page],
    queryFn: async ({ signal }): Promise<RowsPage> => {
      const query: RowsQuery = {
        ...list.filters,
        sort: list.sort,
        columns: [...list.columns],
        limit: PAGE_ROWS,
        offset: page * PAGE_ROWS,
      };
      const begun = performance.now();
      const { items, has_more } = await answered(
        api.GET('/api/deals', { params: { query }, signal }),
      );
      return { items, hasMore: has_more, tookMs: performance.now() - begun };
    },
    meta: { topics: ['records', 'settings', 'schema'] },
  });

/** Reads deals from the CRM now, one credit each; the first refusal ends it. */
export function useForceSync() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const found = { read: 0, changed: 0 };
      for (const id of ids) {
        const answer = await answered(
          api.POST('/api/records/{record_id}/sync', { params: { path: { record_id: id } } }),
        );
        found.read += 1;
        if (answer.sync_result.action_taken !== 'unchanged') found.changed += 1;
      }
      return found;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['deals'] }),
  });
}
