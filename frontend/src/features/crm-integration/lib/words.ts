/** Names of the CRM's types and changes, as people say them. Pure. */
import type { FieldLine, SchemaEvent } from '../api/field-map';

const TYPES: Readonly<Record<string, string>> = {
  autonumber: 'Auto-number',
  bigint: 'Long integer',
  boolean: 'Checkbox',
  currency: 'Currency',
  date: 'Date',
  datetime: 'Date and time',
  double: 'Decimal',
  email: 'E-mail',
  formula: 'Formula',
  integer: 'Integer',
  lookup: 'Lookup',
  multiselectpicklist: 'Multi-select',
  ownerlookup: 'User',
  percent: 'Percent',
  phone: 'Phone',
  picklist: 'Picklist',
  rollup_summary: 'Roll-up',
  text: 'Text',
  textarea: 'Long text',
  userlookup: 'User',
  website: 'Website',
};

/** Returns a type's name; one that we do not know keeps the CRM's own word. */
export const typeName = (dataType: string): string => TYPES[dataType] ?? dataType;

const KINDS: Record<FieldLine['kind'], string> = {
  record_id: 'Lookup',
  text: 'Text',
  money: 'Currency',
  number: 'Number',
  date: 'Date',
  instant: 'Date and time',
};

/** Returns the type that a canonical field has, or needs where nothing stands for it. */
export const typeOf = (line: FieldLine): string =>
  line.canonical_name === 'id'
    ? 'Record id'
    : line.data_type === null
      ? KINDS[line.kind]
      : typeName(line.data_type);

const STATES: Record<Exclude<FieldLine['state'], 'missing'>, string> = {
  matches: 'Matches',
  stock_name: 'Stock name, accepted',
  chosen: 'Chosen',
};

/** Returns the state of a field that is there. */
export const stateName = (state: Exclude<FieldLine['state'], 'missing'>): string => STATES[state];

/** Returns what happened to a field, and what follows from it. */
export function changeWords(
  event: SchemaEvent,
  missing: readonly string[],
): { title: string; follows: string } {
  const name = event.module === 'Deals' ? event.api_name : `${event.module}: ${event.api_name}`;
  const before = event.details?.['before'];
  const former = typeof before === 'string' ? before : undefined;
  const lacks = missing.find((canonical) => canonical === (former ?? event.api_name));
  const needs = `${lacks ?? ''} needs another field now`;
  switch (event.kind) {
    case 'renamed':
      return {
        title: `${former ?? 'A field'} renamed to ${name}`,
        follows: lacks === undefined ? 'Followed by itself, nothing to do' : needs,
      };
    case 'removed':
      return {
        title: `${name} removed`,
        follows: lacks === undefined ? 'Syncs go on without it' : needs,
      };
    case 'added':
      return { title: `${name} added`, follows: 'Mirrored from now on' };
    case 'returned':
      return { title: `${name} is back`, follows: 'Mirrored from now on' };
    default:
      return {
        title: `${name} has another type`,
        follows: former === undefined ? 'Read as the new type' : `It was ${typeName(former)}`,
      };
  }
}

type Faulty = { label: string; message?: string | null; fix?: string | null };

/** Says what is wrong with fields and what to do; those with the same trouble share a sentence. */
export function faultWords(fields: readonly Faulty[]): string {
  const labels = new Map<string, string[]>();
  for (const { label, message, fix } of fields) {
    const words = [message, fix].flatMap((part) => (part ? [ended(part)] : [])).join(' ');
    labels.set(words, [...(labels.get(words) ?? []), label]);
  }
  return [...labels].map(([words, those]) => `${those.join(', ')}: ${words}`).join(' ');
}

/** Ends the CRM's own words as a sentence. */
export const ended = (words: string): string =>
  words === '' || /[.!?]$/.test(words) ? words : `${words}.`;
