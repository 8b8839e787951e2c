/** Which deals: by the filter of the address, by IDs, or by a custom view of the CRM. */
import type { Schema } from '@/lib/api';
import { filterSearch } from '@/lib/deal-filters';
import { readIds } from './ids';

const WAYS = ['filter', 'ids', 'view'] as const;
export type By = (typeof WAYS)[number];

export const byOf = (params: URLSearchParams): By =>
  WAYS.find((way) => way === params.get('by')) ?? 'filter';

/** Returns what the server is asked for; null as long as nothing is chosen. */
export function choiceOf(params: URLSearchParams, idsText: string): Schema['Choice'] | null {
  switch (byOf(params)) {
    case 'filter':
      return { filter: filterSearch(params).toString() };
    case 'ids': {
      const { ids, nonsense } = readIds(idsText);
      return ids.length === 0 || nonsense.length > 0 ? null : { ids };
    }
    case 'view': {
      const view = params.get('view');
      return view === null ? null : { view };
    }
  }
}
