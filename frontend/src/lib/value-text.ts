/** What a CRM field holds, in words: for timelines, tooltips and what is copied. */
import {
  formatDay,
  formatDayFull,
  formatNumber,
  formatPercent,
  formatWhen,
  placesOf,
  type Figure,
} from './format';
import type { Schema } from './api';

/** A field's typed value, as changes and deals carry it. */
export type FieldValue = NonNullable<Schema['FieldChange']['new']>;

const isWhole = (amount: Figure): boolean => !/\.\d*[1-9]/.test(String(amount));

/** `1,350,000` if it is whole, else with the currency's places: `1,350,000.50`. */
export function exactAmount(amount: string, currency: string | null): string {
  return formatNumber(amount, isWhole(amount) ? 0 : placesOf(currency ?? 'SGD'));
}

/**
 * Returns the words for a value; one that was never set is "Empty".
 *
 * Standing alone (`brief`), money says its currency and a date of this year leaves the year out.
 */
export function valueText(value: FieldValue | null, now: Date, { brief = false } = {}): string {
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
      const amount = exactAmount(value.amount, value.currency);
      return brief && value.currency !== null ? `${value.currency} ${amount}` : amount;
    }
    case 'boolean':
      return value.is_true ? 'Yes' : 'No';
    case 'date':
      return brief ? formatDay(value.date, now) : formatDayFull(value.date);
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
