/** Filters and order of opportunities in an address, and from which list one was opened. */
import { useLocation } from 'react-router';
import { filterSearch, filtersOf, hasFilters, withoutFilters } from './deal-filters';
import type { OpportunitiesAsked } from './queries/opportunities';

/** What only opportunities are chosen by; all else are the filters of deals. */
const OWN = [
  'phase',
  'health',
  'strategic',
  'attention',
  'waiting',
  'ended',
  'recognised',
] as const;
/** Other pages may say territory, as people do; the filter of deals is called region. */
const TERRITORY = 'territory';

export const DEFAULT_SORT = 'health';

/** Returns the address in the words of the filters: a territory is a region. */
export function inOwnWords(params: URLSearchParams): URLSearchParams {
  if (!params.has(TERRITORY)) return params;
  const after = new URLSearchParams(params);
  for (const territory of after.getAll(TERRITORY)) after.append('region', territory);
  after.delete(TERRITORY);
  return after;
}

/** Returns what the server is asked by an address. What a person wrote there by hand, it checks. */
export function askedOf(address: URLSearchParams): OpportunitiesAsked {
  const params = inOwnWords(address);
  const asked: Record<string, unknown> = { ...filtersOf(params) };
  for (const name of OWN) {
    const values = params.getAll(name).filter((value) => value !== '');
    if (values.length > 0) asked[name] = values.length > 1 ? values : values[0];
  }
  const sort = params.get('sort');
  if (sort !== null && sort !== DEFAULT_SORT) asked.sort = sort;
  return asked;
}

/** Returns filters and order alone, as an address writes them. */
export function listSearch(address: URLSearchParams): string {
  const params = inOwnWords(address);
  const kept = filterSearch(params);
  for (const name of [...OWN, 'sort']) {
    for (const value of params.getAll(name)) kept.append(name, value);
  }
  return kept.toString();
}

export const isFiltered = (address: URLSearchParams): boolean =>
  hasFilters(inOwnWords(address)) || OWN.some((name) => address.has(name));

export function withoutAllFilters(address: URLSearchParams): URLSearchParams {
  const kept = withoutFilters(inOwnWords(address));
  for (const name of OWN) kept.delete(name);
  return kept;
}

/** The list that an opportunity was opened from, and its place there. */
export type OpenedFrom = { search: string; place: number };

/** Returns the history state of a link to an opportunity: it survives a reload. */
export const openedFrom = (from: OpenedFrom): { opportunities: OpenedFrom } => ({
  opportunities: from,
});

/** Returns the list that the page was opened from; undefined if it was opened otherwise. */
export function useOpenedFrom(): OpenedFrom | undefined {
  const state: unknown = useLocation().state;
  if (typeof state !== 'object' || state === null || !('opportunities' in state)) return undefined;
  const from: unknown = state.opportunities;
  const isFrom =
    typeof from === 'object' &&
    from !== null &&
    'search' in from &&
    typeof from.search === 'string' &&
    'place' in from &&
    typeof from.place === 'number';
  return isFrom ? (from as OpenedFrom) : undefined;
}
