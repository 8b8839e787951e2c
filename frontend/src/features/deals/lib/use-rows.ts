/**
 * Rows of a table that is never loaded whole: the pages around what is on screen are read, and read
 * again in place when the mirror changes. Pages that were only scrolled past are not asked for.
 */
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { dealsSummary } from '@/lib/queries/deals';
import { type DealRow, dealsPage, type List, PAGE_ROWS } from '../api/queries';

const SETTLED_MS = 80;
/** Rows that are read ahead of what is shown. */
const AHEAD = 40;
const SKELETON_ROWS = 30;

/** Returns the list to show: the old one stays until the first rows of the new one are there. */
export function useShownList(list: List): { shown: List; first: ReturnType<typeof useFirstPage> } {
  const first = useFirstPage(list);
  const [shown, show] = useState(list);
  if (shown !== list && !first.isPending) show(list);
  return { shown, first };
}

function useFirstPage(list: List) {
  return useQuery(dealsPage(list, 0));
}

export type Rows = {
  /** How many rows the table has, as far as it is known. */
  count: number;
  rowAt: (index: number) => DealRow | undefined;
  /** Whether a row came with a change, not with the first reading. */
  isNew: (index: number) => boolean;
};

export function useRows(list: List, range: { first: number; last: number }): Rows {
  const queries = useQueryClient();
  const { data: summary } = useQuery(dealsSummary(list.filters));
  const from = Math.floor(Math.max(0, range.first - AHEAD) / PAGE_ROWS);
  const to = Math.floor((range.last + AHEAD) / PAGE_ROWS);
  const [settledFrom] = useDebouncedValue(from, SETTLED_MS);
  const [settledTo] = useDebouncedValue(to, SETTLED_MS);
  const pages = Array.from({ length: settledTo - settledFrom + 1 }, (_, at) => settledFrom + at);
  const read = useQueries({ queries: pages.map((page) => dealsPage(list, page)) });

  const pageOf = (index: number) => dealsPage(list, Math.floor(index / PAGE_ROWS)).queryKey;
  const rowAt = (index: number): DealRow | undefined =>
    // Pages seen before are shown at once, also while others are waited for.
    queries.getQueryData(pageOf(index))?.items[index % PAGE_ROWS];

  const [seen] = useState(() => new SeenRows());
  useEffect(() => {
    for (const page of read) seen.note(list, page.data?.items ?? []);
  });
  const isNew = (index: number): boolean => {
    const row = rowAt(index);
    const readings = queries.getQueryState(pageOf(index))?.dataUpdateCount ?? 0;
    return row !== undefined && readings > 1 && seen.isMissing(list, row);
  };

  const end = read.findLast(({ data }) => data?.hasMore === false && data.items.length > 0);
  const ended = end?.data && (pages[read.indexOf(end)] ?? 0) * PAGE_ROWS + end.data.items.length;
  const firstPage = queries.getQueryData(dealsPage(list, 0).queryKey);
  const isEmpty = firstPage?.items.length === 0;
  const known = isEmpty ? 0 : (ended ?? summary?.count);
  return { count: known ?? firstPage?.items.length ?? SKELETON_ROWS, rowAt, isNew };
}

/** The rows of a list that were there before, to tell which ones a change brought. */
class SeenRows {
  private list: List | undefined;
  private ids = new Set<string>();

  note(list: List, rows: readonly DealRow[]): void {
    if (this.list !== list) this.ids = new Set();
    this.list = list;
    for (const { id } of rows) this.ids.add(id);
  }

  isMissing(list: List, { id }: DealRow): boolean {
    return this.list === list && this.ids.size > 0 && !this.ids.has(id);
  }
}
