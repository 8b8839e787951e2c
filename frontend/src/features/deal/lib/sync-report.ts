/** What a sync of one deal did, in one line for a toast. */
import type { Deal, RecordSync } from '../api/deal';
import { listed } from './listed';

/** Fields that the CRM keeps by itself, such as who changed it last, follow every change: not told. */
function told(changed: readonly string[], deal: Deal): string[] {
  const known = new Map(deal.fields.map((field) => [field.api_name, field]));
  return changed
    .filter((name) => known.get(name)?.group !== 'system')
    .map((name) => known.get(name)?.label ?? name);
}

function updateWords(changed: readonly string[], deal: Deal): string {
  if (deal.sync.presence !== 'live') return 'Read from the CRM. The deal is back';
  const names = told(changed, deal);
  return names.length === 0
    ? 'Read from the CRM. Only what it keeps by itself had changed'
    : `Read from the CRM. Changed: ${listed(names)}`;
}

/** Returns what was read or written; never more than that. */
export function syncReport({ sync_result: result }: RecordSync, deal: Deal): string {
  switch (result.action_taken) {
    case 'created':
      return 'Read from the CRM. The mirror holds this deal now';
    case 'updated':
      return updateWords(result.changed_fields, deal);
    case 'unchanged':
      return 'Read from the CRM. Nothing had changed';
    case 'deleted':
      return 'The CRM has deleted this deal. Its history stays here';
    case 'not_visible':
      return 'The CRM no longer shows this deal to us. It left the totals';
    case 'pushed':
      return `The CRM took: ${listed(told(result.changed_fields, deal))}`;
    case 'refused':
      return `The CRM refused: ${listed(told(result.refused_fields, deal))}`;
    case 'conflict':
      return 'Both sides changed the same field. Somebody has to decide';
    case 'waiting':
      return 'Not taken by the CRM yet. It is tried again by itself';
    case 'nothing_to_push':
      return 'No edit of this deal waits for the CRM';
  }
}
