/** What a field takes from a person, as the server describes it, and what is handed back to it. */

export type InputKind =
  | 'text'
  | 'paragraph'
  | 'email'
  | 'phone'
  | 'url'
  | 'integer'
  | 'digits'
  | 'decimal'
  | 'money'
  | 'percent'
  | 'date'
  | 'instant'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'reference'
  | 'none';

export type Option = { value: string; label: string };

export type InputField = {
  label: string;
  input: InputKind;
  /** Of a picklist, in the CRM's order. */
  options: readonly Option[];
  is_mandatory: boolean;
  /** Places after the point; null where the field has no limit of its own. */
  decimals: number | null;
  currency: string | null;
};

/**
 * A value as the server takes it: numbers are decimal strings, days `2026-08-14`, moments ISO 8601 in
 * UTC, picklists stored values, references ids. What could not be read stays the text that was typed:
 * the server says what is wrong with it.
 */
export type InputValue = string | boolean | readonly string[] | null;

/** Who finds the records that a reference can point to; the input itself asks nobody. */
export type Lookup = {
  found: readonly Option[];
  /** The record that the field points to now. */
  chosen: Option | null;
  isSearching: boolean;
  failure: string | null;
  onSearch: (typed: string) => void;
};

/** Returns whether two values are the same; the order of several choices means nothing. */
export function isSameValue(one: InputValue, other: InputValue): boolean {
  if (typeof one === 'object' && typeof other === 'object' && one !== null && other !== null) {
    return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
  }
  return one === other;
}
