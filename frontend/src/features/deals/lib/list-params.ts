/** The table's filters and order in the address. */
import type { paths } from '@/api/schema';
import { filterSearch } from '@/lib/deal-filters';

export type RowsQuery = NonNullable<paths['/api/deals']['get']['parameters']['query']>;

export const DEFAULT_SORT = '-changed_at';

export const sortOf = (params: URLSearchParams): string => params.get('sort') ?? DEFAULT_SORT;

/** Returns filters and order alone, as a deal's page needs them to find its neighbours. */
export function listSearch(params: URLSearchParams): string {
  const kept = filterSearch(params);
  for (const value of params.getAll('sort')) kept.append('sort', value);
  return kept.toString();
}

/** Returns the order after a press on a column's head: ascending, descending, the first order again. */
export function nextSort(sort: string, key: string): string {
  if (sort === key) return `-${key}`;
  return sort === `-${key}` && sort !== DEFAULT_SORT ? DEFAULT_SORT : key;
}
