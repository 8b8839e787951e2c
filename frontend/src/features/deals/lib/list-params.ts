/** The table's filters and order in the address. */
import type { paths } from '@/api/schema';
import { AS_OF, filterSearch } from '@/lib/deal-filters';

export type RowsQuery = NonNullable<paths['/api/deals']['get']['parameters']['query']>;

export const DEFAULT_SORT = '-changed_at';

export const sortOf = (params: URLSearchParams): string => params.get('sort') ?? DEFAULT_SORT;

/** Returns filters, order and moment: what the table shows. */
export function tableSearch(params: URLSearchParams): string {
  const kept = new URLSearchParams(listSearch(params));
  const moment = params.get(AS_OF);
  if (moment !== null) kept.set(AS_OF, moment);
  return kept.toString();
}

/**
 * Returns what a view keeps: what the table shows and in which columns, so that others see the same
 * whatever columns they chose for themselves.
 */
export function viewQuery(params: URLSearchParams, shownColumns: readonly string[]): string {
  const kept = new URLSearchParams(tableSearch(params));
  if (kept.get('sort') === DEFAULT_SORT) kept.delete('sort');
  const columns = params.get('columns') ?? shownColumns.join(',');
  if (columns !== '') kept.set('columns', columns);
  return kept.toString();
}

/** Whether a column is known of past moments. */
export const hasHistory = (key: string): boolean => key !== 'state' && !key.startsWith('crm.');

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
