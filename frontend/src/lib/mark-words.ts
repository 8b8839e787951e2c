/** What the mark on a field says: the other value, who and when. */
import type { Schema } from './api';
import { formatMoment } from './format';
import { valueText } from './value-text';

export type FieldMark = Schema['FieldMark'];

const WORDS = { pending: 'Pending', conflict: 'Conflict', error: 'Error' } as const;

/** Returns a mark in words: `Pending: was 1,280,000, by you 12 min`. */
export function markWords(mark: FieldMark, now: Date): string {
  const who = `by ${mark.is_mine ? 'you' : mark.by} ${formatMoment(new Date(mark.at), now)}`;
  const was = mark.is_base_known ? `was ${valueText(mark.base, now, { brief: true })}, ` : '';
  switch (mark.state) {
    case 'pending':
      return `${WORDS.pending}: ${was}${who}`;
    case 'conflict': {
      const there = mark.is_record_gone
        ? 'deleted in the CRM'
        : `CRM ${valueText(mark.crm, now, { brief: true })}`;
      return `${WORDS.conflict}: ${there}, ${was}${who}`;
    }
    case 'error':
      return `${WORDS.error}: ${mark.error ?? 'the CRM refused the change'}, ${was}${who}`;
  }
}
