/**
 * Deals that were chosen in a table and go to Bulk Operations: their ids travel in the history entry,
 * so that they are still chosen after a reload and on the way back.
 */
import { useLocation } from 'react-router';

const PLACE = '/bulk?by=ids';

/** Returns where a link to Bulk Operations goes for chosen deals. */
export const toBulk = (
  ids: readonly string[],
): { to: string; state: { chosenDeals: string[] } } => ({
  to: PLACE,
  state: { chosenDeals: [...ids] },
});

/** Returns the ids that the page was opened with; none if it was opened otherwise. */
export function useChosenDeals(): readonly string[] {
  const state: unknown = useLocation().state;
  if (typeof state !== 'object' || state === null || !('chosenDeals' in state)) return [];
  const ids: unknown = state.chosenDeals;
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
