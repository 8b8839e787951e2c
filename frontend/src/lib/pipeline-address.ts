/**
 * Addresses that ask of a pipeline: filters, as of when, compared with when. Pages with limits of their
 * own write them too: what an address does not say of closing, probability and outcome is written
 * into it, so that nothing is left out unseen.
 */
import { filterSearch, type FilterQuery, filtersOf } from './deal-filters';

/** Filters that always stand; `all` is written where there is to be no limit. */
export const PINNED = ['closing', 'probability', 'outcome'] as const;

const DEFAULTS: readonly [name: string, unless: readonly string[], value: string][] = [
  ['closing', ['closing', 'closing_from', 'closing_to'], 'current_quarter'],
  ['probability', ['probability'], 'presales'],
  ['outcome', ['outcome'], 'open'],
];

/** Returns the address with the page's own limits where it has none. */
export function withDefaults(params: URLSearchParams): URLSearchParams {
  const after = new URLSearchParams(params);
  for (const [name, unless, value] of DEFAULTS) {
    if (!unless.some((each) => params.has(each))) after.append(name, value);
  }
  return after;
}

/** Which deals, as of when, compared with when: what a figure is asked by. */
export type Question = Omit<FilterQuery, 'as_of'> & { as_of?: string; compared_with?: string };

export function questionOf(params: URLSearchParams): Question {
  const [asOf, comparedWith] = [params.get('as_of'), params.get('compared_with')];
  const filters: Omit<FilterQuery, 'as_of'> = filtersOf(params);
  return {
    ...filters,
    ...(asOf && { as_of: asOf }),
    ...(comparedWith && { compared_with: comparedWith }),
  };
}

/** Returns the address with a parameter set, or without it. */
export function withParam(
  params: URLSearchParams,
  name: string,
  value: string | null,
): URLSearchParams {
  const after = new URLSearchParams(params);
  if (value === null) after.delete(name);
  else after.set(name, value);
  return after;
}

const crmField = (condition: string): string => condition.split(':', 1)[0] ?? '';

/**
 * Returns the address narrowed to a group of a breakdown, as the group's `filter` says it: its
 * parameters take the place of those of the same name, and of conditions on the same CRM field.
 */
export function narrowed(params: URLSearchParams, filter: string): URLSearchParams {
  const group = new URLSearchParams(filter);
  const after = new URLSearchParams(params);
  for (const name of new Set(group.keys())) {
    if (name !== 'field') after.delete(name);
    if (name === 'closing_from' || name === 'closing_to') after.delete('closing');
  }
  const fields = new Set(group.getAll('field').map(crmField));
  const others = after.getAll('field').filter((condition) => !fields.has(crmField(condition)));
  after.delete('field');
  for (const condition of others) after.append('field', condition);
  for (const [name, value] of group) after.append(name, value);
  return after;
}

const UNLIMITED = new Set(['closing=all', 'probability=all', 'outcome=all']);

/** Returns the address of `/deals` that shows the deals behind a figure, as of the same moment. */
export function dealsAddress(
  params: URLSearchParams,
  further: Record<string, string[]> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of filterSearch(params)) {
    if (!(name in further) && !UNLIMITED.has(`${name}=${value}`)) search.append(name, value);
  }
  for (const [name, values] of Object.entries(further)) {
    for (const value of values) search.append(name, value);
  }
  const asOf = params.get('as_of');
  if (asOf !== null) search.set('as_of', asOf);
  return search.size === 0 ? '/deals' : `/deals?${search.toString()}`;
}
