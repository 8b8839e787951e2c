/** In which directions a deal can be synced now. */
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Deal, Direction } from '../api/deal';

/** How many edits of the deal wait for the CRM or are on their way. */
export const waitingEdits = ({ fields }: Deal): number =>
  fields.filter(({ change }) => change?.state === 'pending').length;

/** Returns why a direction cannot be taken now; null if it can. */
export function whyNot(
  direction: Direction,
  deal: Deal,
  mode: CurrentStatus['mode'] | undefined,
): string | null {
  if (direction !== 'to_crm' && mode === 'local_to_crm') {
    return 'Sync mode is local to CRM: nothing is read from the CRM.';
  }
  if (direction === 'from_crm') return null;
  if (mode === 'crm_to_local') {
    return 'Sync mode is CRM to local: nothing is written to the CRM.';
  }
  if (deal.sync.presence !== 'live') return 'The CRM does not show this deal any more.';
  if (direction === 'to_crm' && waitingEdits(deal) === 0)
    return 'No edit of this deal waits for the CRM.';
  return null;
}
