/**
 * From which table a deal was opened: the table's filters and order travel in the history entry, so
 * that a deal's page can go to its neighbours ([ and ]) and back, also after a reload.
 */
import { useLocation } from 'react-router';

/** Filters and order as the address of `/deals` and the parameters of `GET /api/deals` write them. */
export type DealsList = { search: string };

/** Returns the history state of a link to a deal. */
export const fromList = (list: DealsList): { dealsList: DealsList } => ({ dealsList: list });

/** Returns the table that the page was opened from; undefined if it was opened otherwise. */
export function useDealsList(): DealsList | undefined {
  const state: unknown = useLocation().state;
  if (typeof state !== 'object' || state === null || !('dealsList' in state)) return undefined;
  const list: unknown = state.dealsList;
  const isList =
    typeof list === 'object' &&
    list !== null &&
    'search' in list &&
    typeof list.search === 'string';
  return isList ? (list as DealsList) : undefined;
}
