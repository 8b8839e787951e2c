/** What a person has decided so far, field by field; it holds only for the values that were seen. */
import { useRef, useState } from 'react';
import type { InputValue } from '@/components/field-inputs/field';
import type { Conflict, ConflictField, Resolution } from '../api/conflicts';

/** `words` are what is shown of a typed value: a record by its name. */
export type Decision = { use: 'local' | 'crm' } | { typed: InputValue; words: string };
type Kept = { decision: Decision; seen: string };
type Book = Readonly<Record<string, Readonly<Record<string, Kept>>>>;

const seenIn = ({ base, local_value, crm_value }: ConflictField): string =>
  JSON.stringify([base, local_value, crm_value]);

export type Decisions = {
  of: (conflict: Conflict) => ReadonlyMap<string, Decision>;
  decide: (conflict: Conflict, field: ConflictField, decision: Decision) => void;
  /** Takes the last decision back; returns whether there was one. */
  undo: () => boolean;
};

export function useDecisions(): Decisions {
  const [book, setBook] = useState<Book>({});
  const past = useRef<Book[]>([]);
  return {
    of: (conflict) =>
      new Map(
        conflict.fields.flatMap((field): [string, Decision][] => {
          const kept = book[conflict.id]?.[field.field];
          return kept?.seen === seenIn(field) ? [[field.field, kept.decision]] : [];
        }),
      ),
    decide: (conflict, field, decision) => {
      past.current.push(book);
      setBook({
        ...book,
        [conflict.id]: { ...book[conflict.id], [field.field]: { decision, seen: seenIn(field) } },
      });
    },
    undo: () => {
      const before = past.current.pop();
      if (before) setBook(before);
      return before !== undefined;
    },
  };
}

/** The merge that decisions amount to, about exactly the values that were looked at. */
export function mergeOf(
  conflict: Conflict,
  decisions: ReadonlyMap<string, Decision>,
): Resolution & { id: string } {
  return {
    id: conflict.id,
    action: 'merge',
    version: conflict.version,
    fields: Object.fromEntries(
      [...decisions].map(([name, decision]) => [
        name,
        'use' in decision ? { use: decision.use } : { value: decision.typed },
      ]),
    ),
  };
}
