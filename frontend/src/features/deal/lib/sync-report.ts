/** What a single read did, in one line for a toast. */
import type { Deal, RecordSync } from '../api/deal';

const NAMED = 3;

function fieldsOf(changed: readonly string[], deal: Deal): string {
  const label = new Map(deal.fields.map((field) => [field.api_name, field.label]));
  const names = changed.map((name) => label.get(name) ?? name);
  const more = names.length - NAMED;
  return more > 0
    ? `${names.slice(0, NAMED).join(', ')} and ${more} more`
    : names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/** Returns what the read found; never more than it did. */
export function syncReport({ sync_result: result }: RecordSync, deal: Deal): string {
  switch (result.action_taken) {
    case 'created':
      return 'Read from the CRM. The mirror holds this deal now';
    case 'updated':
      return result.changed_fields.length === 0
        ? 'Read from the CRM. The deal is back'
        : `Read from the CRM. Changed: ${fieldsOf(result.changed_fields, deal)}`;
    case 'unchanged':
      return 'Read from the CRM. Nothing had changed';
    case 'deleted':
      return 'The CRM has deleted this deal. Its history stays here';
    case 'not_visible':
      return 'The CRM no longer shows this deal to us. It left the totals';
  }
}
