/** Conflicts in words: how far a value is from what was agreed, and what a decision leads to. Pure. */
import { formatNumber, formatSigned, placesOf } from '@/lib/format';
import type { FieldValue } from '@/lib/value-text';
import type { ConflictField } from '../api/conflicts';

export type Side = 'local' | 'crm';

const DAY_MS = 86_400_000;

const days = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/** Differs where both are of one kind that can be counted: `+70,000.00`, `21 days later`. */
function distance(base: FieldValue, value: FieldValue): string | null {
  if (base.kind === 'money' && value.kind === 'money') {
    const places = placesOf(value.currency ?? 'SGD');
    return formatSigned(Number(value.amount) - Number(base.amount), places);
  }
  if (
    (base.kind === 'number' || base.kind === 'percent') &&
    (value.kind === 'number' || value.kind === 'percent')
  ) {
    const change = Number(value.number) - Number(base.number);
    const places = Math.min(6, Math.max(placesIn(base.number), placesIn(value.number)));
    return formatSigned(change, places);
  }
  if (base.kind === 'date' && value.kind === 'date') {
    const apart = days(value.date) - days(base.date);
    const count = `${formatNumber(Math.abs(apart))} ${Math.abs(apart) === 1 ? 'day' : 'days'}`;
    return `${count} ${apart > 0 ? 'later' : 'earlier'}`;
  }
  return null;
}

const placesIn = (number: string): number => number.split('.')[1]?.length ?? 0;

/** What stands under a side's value. */
export function differenceOf(
  field: Pick<ConflictField, 'base' | 'is_base_known'>,
  value: FieldValue | null,
  side: Side,
): string {
  const where = side === 'local' ? 'locally' : 'in CRM';
  if (!field.is_base_known) return side === 'local' ? 'set locally' : 'held by the CRM';
  if (value === null) return `emptied ${where}`;
  if (field.base === null) return `filled ${where}`;
  return distance(field.base, value) ?? `changed ${where}`;
}

/** What all fields of a record share, or nothing: then each field says its own. */
export function shared<T>(values: readonly T[]): T | null {
  return new Set(values).size === 1 ? (values[0] ?? null) : null;
}

const TYPES: Readonly<Record<string, string>> = {
  currency: 'Currency',
  date: 'Date',
  datetime: 'Date and time',
  textarea: 'Long text',
  picklist: 'Picklist',
  multiselectpicklist: 'Multi-select',
  lookup: 'Lookup',
  ownerlookup: 'User',
  userlookup: 'User',
  boolean: 'Yes or no',
  integer: 'Number',
  bigint: 'Number',
  double: 'Decimal',
  percent: 'Percent',
  email: 'E-mail',
  phone: 'Phone',
  website: 'Web address',
  text: 'Text',
};

/** `Currency, SGD`, `Date, custom field`: what kind of a field it is. */
export function kindOf(field: ConflictField): string {
  const money = [field.local_value, field.crm_value, field.base].find(
    (value) => value?.kind === 'money',
  );
  return [
    TYPES[field.data_type] ?? 'Text',
    money?.kind === 'money' ? money.currency : null,
    field.is_custom ? 'custom field' : null,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Says what deciding for a side does, of a record that is there and of one that was deleted. */
export const RESULTS: Record<'there' | 'gone', Record<Side | 'typed', string>> = {
  there: {
    local: 'Local, goes to the CRM',
    crm: 'CRM, taken over',
    typed: 'Typed, goes to the CRM',
  },
  gone: {
    local: 'Local, restores the record',
    crm: 'Dropped',
    typed: 'Typed, restores the record',
  },
};
