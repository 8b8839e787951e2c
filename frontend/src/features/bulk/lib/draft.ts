/** What is being prepared, kept for this tab: a reload or a look at a deal costs nothing. */
import { useState } from 'react';
import type { InputValue } from '@/components/field-inputs/field';
import { useMe } from '@/lib/queries/session';
import type { Operation } from '../api/bulk';

/** One field and what it is set to. */
export type Change = {
  /** API name. */
  field: string;
  value: InputValue;
  /** The name of the record that a reference points to. */
  label: string | null;
  /** It is to be emptied, which is another wish than no wish yet. */
  isEmptied: boolean;
};

export type Draft = { idsText: string; changes: readonly Change[]; operation: Operation };

const FIRST: Draft = { idsText: '', changes: [], operation: 'mass_update' };

function stored(key: string): Draft {
  const text = sessionStorage.getItem(key);
  return text === null ? FIRST : { ...FIRST, ...(JSON.parse(text) as Partial<Draft>) };
}

export type DraftOf = {
  draft: Draft;
  change: (some: Partial<Draft>) => void;
  clear: () => void;
};

/** `chosen` are IDs that the page was opened with: they take the place of those kept. */
export function useDraft(chosen: readonly string[]): DraftOf {
  const key = `pulse-bulk:${useMe().email}`;
  const [draft, setDraft] = useState(() => ({
    ...stored(key),
    ...(chosen.length > 0 && { idsText: chosen.join('\n') }),
  }));
  const keep = (next: Draft): void => {
    sessionStorage.setItem(key, JSON.stringify(next));
    setDraft(next);
  };
  return {
    draft,
    change: (some) => {
      keep({ ...draft, ...some });
    },
    clear: () => {
      sessionStorage.removeItem(key);
      setDraft(FIRST);
    },
  };
}

export const isComplete = ({ value, isEmptied }: Change): boolean => isEmptied || value !== null;

/** Returns the values as the server takes them. */
export const valuesOf = (changes: readonly Change[]): Record<string, InputValue> =>
  Object.fromEntries(
    changes.map(({ field, value, isEmptied }) => [field, isEmptied ? null : value]),
  );
