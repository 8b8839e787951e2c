/** What was typed into a deal's fields and is not saved yet; nothing of it is lost by what arrives. */
import { type InputValue, isSameValue } from '@/components/field-inputs/field';
import type { FormField } from '../api/edit';

export type Typed = {
  value: InputValue;
  /** What the field held when typing began: if it holds something else by now, the page says so. */
  from: InputValue;
  /** Of a reference: the name of the record that was chosen. */
  chosen: string | null;
  /** Why the server refused the value. */
  error: string | null;
};

/** By API name; a field that nobody typed in is absent. */
export type Draft = Readonly<Record<string, Typed>>;

type Fields = readonly FormField[];

/** Returns the draft with a value; back at what the field holds, it is typed no more. */
export function withTyped(
  draft: Draft,
  field: FormField,
  value: InputValue,
  chosen: string | null,
): Draft {
  const { [field.api_name]: before, ...others } = draft;
  if (isSameValue(value, field.value)) return others;
  const from = before === undefined ? field.value : before.from;
  return { ...draft, [field.api_name]: { value, from, chosen, error: null } };
}

/** Returns the draft without one field. */
export function without(draft: Draft, name: string): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([each]) => each !== name));
}

/** Returns the fields whose value would change, in the order of the page. */
export const changedIn = (draft: Draft, fields: Fields): FormField[] =>
  fields.filter((field) => {
    const typed = draft[field.api_name];
    return typed !== undefined && !isSameValue(typed.value, field.value);
  });

/** Returns the draft of some fields alone. */
export const only = (draft: Draft, fields: Fields): Draft =>
  Object.fromEntries(
    fields.flatMap(({ api_name: name }) => {
      const typed = draft[name];
      return typed === undefined ? [] : [[name, typed]];
    }),
  );

/** Returns whether somebody else changed the field since typing began. */
export const hasMovedOn = (typed: Typed, field: FormField): boolean =>
  !isSameValue(typed.from, field.value);

/** Returns what to send, by API name. */
export const valuesOf = (draft: Draft, fields: Fields): Record<string, InputValue> =>
  Object.fromEntries(
    fields.flatMap(({ api_name: name }) => {
      const typed = draft[name];
      return typed === undefined ? [] : [[name, typed.value]];
    }),
  );

/**
 * Returns the draft that a refusal gives back: what was typed with the words of the server, under what
 * was typed since.
 */
export function refused(
  sent: Draft,
  errors: Readonly<Record<string, string>>,
  since: Draft,
): Draft {
  const told = Object.entries(sent).map(
    ([name, typed]) => [name, { ...typed, error: errors[name] ?? null }] as const,
  );
  return { ...Object.fromEntries(told), ...since };
}

/** Returns the fields with an error, in the order of the page. */
export const errorsIn = (
  draft: Draft,
  fields: Fields,
): { name: string; label: string; error: string }[] =>
  fields.flatMap(({ api_name: name, label }) => {
    const error = draft[name]?.error;
    return error == null ? [] : [{ name, label, error }];
  });
