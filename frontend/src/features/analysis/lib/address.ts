/**
 * The address of the Analysis page. It says everything: filters, as of when, compared with when, how
 * the pivot is laid out, which of its rows are open. The page's own limits stand in it as well: what
 * the address does not say of closing, probability and outcome is written into it.
 */
import { filterSearch } from '@/lib/deal-filters';
import { withDefaults } from '@/lib/pipeline-address';
import { isSameQuery } from '@/lib/saved-views';

/** What a view keeps: all of the address but which rows are open. */
const KEPT = new Set(['as_of', 'compared_with', 'rows', 'columns', 'measure']);

/** Returns the address as a view keeps it. */
export function viewQuery(params: URLSearchParams): string {
  const kept = filterSearch(withDefaults(params));
  for (const [name, value] of params) if (KEPT.has(name)) kept.append(name, value);
  return kept.toString();
}

/** Whether two addresses show the same. */
export const isSameView = (one: string, other: string): boolean =>
  isSameQuery(whole(one), whole(other));

const whole = (query: string): string => withDefaults(new URLSearchParams(query)).toString();
