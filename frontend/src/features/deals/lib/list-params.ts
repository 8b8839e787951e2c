/** The table's filters and order in the address: the same names and values as `GET /api/deals` takes. */
import type { paths } from '@/api/schema';

export type RowsQuery = NonNullable<paths['/api/deals']['get']['parameters']['query']>;
export type FilterQuery = NonNullable<paths['/api/deals/summary']['get']['parameters']['query']>;

export const DEFAULT_SORT = '-changed_at';

const SINGLE = [
  'q',
  'closing',
  'closing_from',
  'closing_to',
  'value_from',
  'value_to',
  'changed_since',
] as const;
const SEVERAL = [
  'probability',
  'country',
  'region',
  'solution',
  'funding',
  'segment',
  'stage',
  'currency',
  'owner',
  'account',
  'state',
  'field',
] as const;

/** Returns the filters of an address. What a person wrote there by hand, the server checks. */
export function filtersOf(params: URLSearchParams): FilterQuery {
  const query: Record<string, string | string[]> = {};
  for (const name of SINGLE) {
    const value = params.get(name);
    if (value) query[name] = value;
  }
  for (const name of SEVERAL) {
    const values = [...new Set(params.getAll(name))];
    if (values.length > 0) query[name] = values;
  }
  return query;
}

export const sortOf = (params: URLSearchParams): string => params.get('sort') ?? DEFAULT_SORT;

/** Returns filters and order alone, as a deal's page needs them to find its neighbours. */
export function listSearch(params: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of [...SINGLE, ...SEVERAL, 'sort']) {
    for (const value of params.getAll(name)) kept.append(name, value);
  }
  return kept.toString();
}

/** Returns the address without any filter; order and columns stay. */
export function withoutFilters(params: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(params);
  for (const name of [...SINGLE, ...SEVERAL]) kept.delete(name);
  return kept;
}

export const hasFilters = (params: URLSearchParams): boolean =>
  [...SINGLE, ...SEVERAL].some((name) => params.has(name));

/** Returns the order after a press on a column's head: ascending, descending, the first order again. */
export function nextSort(sort: string, key: string): string {
  if (sort === key) return `-${key}`;
  return sort === `-${key}` && sort !== DEFAULT_SORT ? DEFAULT_SORT : key;
}
