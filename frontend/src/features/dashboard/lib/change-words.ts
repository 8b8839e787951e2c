/** A change of a deal in one line: the weightiest field, from what to what. */
import { type FieldValue, valueText } from '@/lib/value-text';
import type { FieldChange, RecentChange } from '../api/queries';

export type ChangeLine =
  | { kind: 'said'; words: string }
  | { kind: 'field'; label: string; from: string; to: string; more: number };

const SAID: Record<Exclude<RecentChange['kind'], 'changed'>, string> = {
  created: 'New deal',
  deleted: 'Deleted in the CRM',
  restored: 'The deal is back',
};

const words = (value: FieldValue | null, now: Date): string =>
  valueText(value, now, { brief: true });

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
    from: words(first.old, now),
    to: words(first.new, now),
    more: entry.changes.length - 1,
  };
}

/** All fields of an entry, one a line, for the tooltip. */
export const allLines = (changes: readonly FieldChange[], now: Date): string[] =>
  changes.map(
    ({ label, old, new: value }) => `${label}: ${words(old, now)} → ${words(value, now)}`,
  );
