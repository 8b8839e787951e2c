/** A change of a deal in one line: the weightiest field, from what to what. */
import {
  formatDay,
  formatNumber,
  formatPercent,
  formatWhen,
  placesOf,
  type Figure,
} from '@/lib/format';
import type { FieldChange, RecentChange, Value } from '../api/queries';

export type ChangeLine =
  | { kind: 'said'; words: string }
  | { kind: 'field'; label: string; from: string; to: string; more: number };

const SAID: Record<Exclude<RecentChange['kind'], 'changed'>, string> = {
  created: 'New deal',
  deleted: 'Deleted in the CRM',
  restored: 'The deal is back',
};

export function lineOf(entry: RecentChange, now: Date): ChangeLine {
  if (entry.kind !== 'changed') {
    const isHidden = entry.kind === 'deleted' && entry.by === null;
    return { kind: 'said', words: isHidden ? 'Not shown to us any more' : SAID[entry.kind] };
  }
  const [first] = entry.changes;
  if (first === undefined) return { kind: 'said', words: 'Touched, no field changed' };
  return {
    kind: 'field',
    label: first.label,
    from: valueWords(first.old, now),
    to: valueWords(first.new, now),
    more: entry.changes.length - 1,
  };
}

/** All fields of an entry, one a line, for the tooltip. */
export const allLines = (changes: readonly FieldChange[], now: Date): string[] =>
  changes.map(
    ({ label, old, new: value }) => `${label}: ${valueWords(old, now)} → ${valueWords(value, now)}`,
  );

const isWhole = (amount: Figure): boolean => !/\.\d*[1-9]/.test(String(amount));

function valueWords(value: Value | null, now: Date): string {
  if (value === null) return 'Empty';
  switch (value.kind) {
    case 'text':
    case 'paragraph':
    case 'email':
    case 'phone':
    case 'url':
      return value.text;
    case 'number':
      return formatNumber(value.number);
    case 'percent':
      return formatPercent(value.number);
    case 'money': {
      const places = isWhole(value.amount) ? 0 : placesOf(value.currency ?? 'SGD');
      const amount = formatNumber(value.amount, places);
      return value.currency === null ? amount : `${value.currency} ${amount}`;
    }
    case 'boolean':
      return value.is_true ? 'Yes' : 'No';
    case 'date':
      return formatDay(value.date, now);
    case 'instant':
      return formatWhen(new Date(value.at), now);
    case 'choice':
      return value.choice.label;
    case 'choices':
      return value.choices.map(({ label }) => label).join(', ');
    case 'reference':
      return value.record.name ?? value.record.id;
    case 'references':
      return value.records.map(({ id, name }) => name ?? id).join(', ');
    case 'table':
      return value.rows.length === 1 ? '1 row' : `${formatNumber(value.rows.length)} rows`;
  }
}
