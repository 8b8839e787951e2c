/** How a deal looks with values that were just typed, until the server has told its own. */
import type { InputValue } from '@/components/field-inputs/field';
import { isDay, isMoment } from '@/components/field-inputs/typed-day';
import type { FieldMark } from '@/lib/mark-words';
import type { Deal, Value } from '../api/deal';
import type { FormField } from '../api/edit';
import type { Draft } from './draft';

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

/** Returns a typed value as people read it; what could not be read is shown as it was typed. */
export function shownValue(
  field: FormField,
  typed: InputValue,
  chosen: string | null,
): Value | null {
  if (typed === null) return null;
  if (typeof typed === 'boolean') return { kind: 'boolean', is_true: typed };
  const option = (value: string): { value: string; label: string } =>
    field.options.find((each) => each.value === value) ?? { value, label: value };
  if (typeof typed !== 'string') return { kind: 'choices', choices: typed.map(option) };
  const text: Value = { kind: 'text', text: typed };
  switch (field.input) {
    case 'paragraph':
    case 'email':
    case 'phone':
    case 'url':
      return { kind: field.input, text: typed };
    case 'integer':
    case 'digits':
    case 'decimal':
      return isNumber(typed) ? { kind: 'number', number: typed } : text;
    case 'percent':
      return isNumber(typed) ? { kind: 'percent', number: typed } : text;
    case 'money':
      return isNumber(typed) ? { kind: 'money', amount: typed, currency: field.currency } : text;
    case 'date':
      return isDay(typed) ? { kind: 'date', date: typed } : text;
    case 'instant':
      return isMoment(typed) ? { kind: 'instant', at: typed } : text;
    case 'choice':
      return { kind: 'choice', choice: option(typed) };
    case 'reference':
      return { kind: 'reference', record: { id: typed, name: chosen }, module: null };
    default:
      return text;
  }
}

/** Returns the deal with the fields of a draft pending: their new values, and who made them when. */
export function withPending(
  deal: Deal,
  fields: readonly FormField[],
  draft: Draft,
  at: Date,
): Deal {
  const forms = new Map(fields.map((field) => [field.api_name, field]));
  const drawn = deal.fields.map((field) => {
    const form = forms.get(field.api_name);
    const typed = draft[field.api_name];
    if (form === undefined || typed === undefined) return field;
    const value = shownValue(form, typed.value, typed.chosen);
    const before = field.change;
    const change: FieldMark = {
      state: 'pending',
      local: value,
      base: before?.is_base_known === true ? before.base : field.value,
      is_base_known: before?.is_base_known ?? true,
      crm: null,
      by: '',
      is_mine: true,
      at: at.toISOString(),
      crm_by: null,
      crm_at: null,
      is_on_its_way: false,
      is_record_gone: false,
      is_skipped: false,
      // Not before the server has it.
      can_be_dropped: false,
      error_code: null,
      error: null,
    };
    return { ...field, value, change };
  });
  const status = deal.sync.status === 'synced' ? 'pending' : deal.sync.status;
  return { ...deal, fields: drawn, sync: { ...deal.sync, status } };
}
