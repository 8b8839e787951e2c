/** Deals of an operation, never loaded whole: the pages around what is on screen are read. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ItemResult, itemsQuery, type ItemState, PAGE_ITEMS } from '../api/bulk';

const SETTLED_MS = 80;

export type Items = {
  /** How many there are; null until it is known. */
  count: number | null;
  itemAt: (index: number) => ItemResult | undefined;
  first: ReturnType<typeof useFirst>;
};

const useFirst = (id: string, state: ItemState | null) => useQuery(itemsQuery(id, state, 0));

export function useItems(
  id: string,
  state: ItemState | null,
  range: { first: number; last: number },
): Items {
  const queries = useQueryClient();
  const first = useFirst(id, state);
  const [from] = useDebouncedValue(Math.floor(range.first / PAGE_ITEMS), SETTLED_MS);
  const [to] = useDebouncedValue(Math.floor(range.last / PAGE_ITEMS), SETTLED_MS);
  const pages = Array.from({ length: Math.max(0, to - from) + 1 }, (_, at) => from + at);
  useQueries({ queries: pages.map((page) => itemsQuery(id, state, page)) });
  return {
    count: first.data?.count ?? null,
    itemAt: (index) =>
      queries.getQueryData(itemsQuery(id, state, Math.floor(index / PAGE_ITEMS)).queryKey)?.items[
        index % PAGE_ITEMS
      ],
    first,
  };
}
