/** Filters of deals in an address: the same names and values as `GET /api/deals` takes. */
import type { paths } from '@/api/schema';

type SummaryQuery = NonNullable<paths['/api/deals/summary']['get']['parameters']['query']>;

export type FilterQuery = Omit<SummaryQuery, 'as_of'>;

/** The address's name of the past moment whose deals are meant. */
export const AS_OF = 'as_of';

/** Filters, and the past moment whose deals are meant; without it now. */
export type DealsAsked = FilterQuery & { as_of?: string };

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
  'outcome',
  'field',
] as const;

/** Pages that have defaults write that every outcome is meant; the server has no word for it. */
const isNoLimit = (name: string, value: string): boolean => name === 'outcome' && value === 'all';

/** Returns the filters of an address. What a person wrote there by hand, the server checks. */
export function filtersOf(params: URLSearchParams): FilterQuery {
  const query: Record<string, string | string[]> = {};
  for (const name of SINGLE) {
    const value = params.get(name);
    if (value) query[name] = value;
  }
  for (const name of SEVERAL) {
    const values = [...new Set(params.getAll(name))].filter((value) => !isNoLimit(name, value));
    if (values.length > 0) query[name] = values;
  }
  return query;
}

/** Returns the filters of an address with its moment. */
export function dealsAsked(params: URLSearchParams): DealsAsked {
  const moment = params.get(AS_OF);
  return moment ? { ...filtersOf(params), as_of: moment } : filtersOf(params);
}

/** Returns the filters alone, as an address writes them. */
export function filterSearch(params: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams();
  for (const name of [...SINGLE, ...SEVERAL]) {
    for (const value of params.getAll(name)) kept.append(name, value);
  }
  return kept;
}

/** Returns the address without any filter; what else it says stays. */
export function withoutFilters(params: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(params);
  for (const name of [...SINGLE, ...SEVERAL]) kept.delete(name);
  return kept;
}

export const hasFilters = (params: URLSearchParams): boolean =>
  [...SINGLE, ...SEVERAL].some((name) => params.has(name));
