/** What a field holds, in words: for the timeline, for tooltips, for what is copied. */
import {
  formatDayFull,
  formatNumber,
  formatPercent,
  formatWhen,
  placesOf,
  type Figure,
} from '@/lib/format';
import type { Value } from '../api/deal';

const isWhole = (amount: Figure): boolean => !/\.\d*[1-9]/.test(String(amount));

/** `1,350,000` if it is whole, else with the currency's places: `1,350,000.50`. */
export function exactAmount(amount: string, currency: string | null): string {
  return formatNumber(amount, isWhole(amount) ? 0 : placesOf(currency ?? 'SGD'));
}

/** Returns the words for a value; an empty one is "empty". */
export function valueText(value: Value | null, now: Date): string {
  if (value === null) return 'empty';
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
    case 'money':
      return exactAmount(value.amount, value.currency);
    case 'boolean':
      return value.is_true ? 'Yes' : 'No';
    case 'date':
      return formatDayFull(value.date);
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
      return value.rows.length === 1 ? '1 row' : `${value.rows.length} rows`;
  }
}
