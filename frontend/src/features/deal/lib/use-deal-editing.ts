/** Editing a deal on its page: what is open, what was typed, saving it, and what a refusal gives back. */
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { useBlocker } from 'react-router';
import type { InputValue } from '@/components/field-inputs/field';
import { ApiProblem, wordsOf } from '@/lib/api';
import { isPassing } from '@/lib/query';
import { useMay, useMe } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import type { Deal } from '../api/deal';
import { type FormField, formQuery, type Saved, useSaveDeal } from '../api/edit';
import { changedIn, type Draft, only, refused, valuesOf, without, withTyped } from './draft';
import { listed } from './listed';
import { withPending } from './shown-value';

/** The whole form, one field by its API name, or nothing. */
type Open = { form: true } | { form: false; field: string } | null;

export type DealEditing = {
  /** Why this person can edit nothing of the deal now, a sentence; undefined until it is known. */
  reason: string | null | undefined;
  fields: readonly FormField[];
  open: Open;
  /** The field that was edited alone last: its row takes the focus back. */
  lastEdited: string | null;
  draft: Draft;
  /** Those that saving would change. */
  changed: readonly FormField[];
  /** What was refused as a whole, in words. */
  failure: string | null;
  /** Counts refusals: the summary takes the focus at each. */
  refusals: number;
  /** The server does not answer: saving is off, and what was typed stays. */
  isAway: boolean;
  fieldOf: (name: string) => FormField | undefined;
  isOpen: (name: string) => boolean;
  begin: (field?: string) => void;
  type: (field: FormField, value: InputValue, chosen: string | null) => void;
  /** Takes what the field holds in place of what was typed. */
  takeBack: (name: string) => void;
  /** Saves what was typed, with a last value that was chosen in this very moment. */
  save: (last?: { field: FormField; value: InputValue; chosen: string | null }) => void;
  /** Asks first where something was typed into the form. */
  leave: () => void;
  /** Whether it is being asked. */
  isAsking: boolean;
  stay: () => void;
  discard: () => void;
};

const NOTHING: Draft = {};
const NO_FIELDS: readonly FormField[] = [];

export function useDealEditing(deal: Deal): DealEditing {
  const mayEdit = useMay('editor');
  const { editors } = useMe();
  const form = useQuery({ ...formQuery(deal.id), enabled: mayEdit });
  const fields = form.data?.fields ?? NO_FIELDS;
  const [open, setOpen] = useState<Open>(null);
  const [lastEdited, setLastEdited] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft>(NOTHING);
  const [failure, setFailure] = useState<string | null>(null);
  const [refusals, setRefusals] = useState(0);
  const [wantsOut, setWantsOut] = useState(false);
  const save = useSaveDeal(deal.id);
  const isShown = useIsShown();
  const changed = changedIn(draft, fields);
  const isDirty = open !== null && changed.length > 0;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isDirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useAskBeforeClosing(isDirty);

  const close = (): void => {
    setOpen(null);
    setDraft(NOTHING);
    setFailure(null);
    setWantsOut(false);
  };

  const giveBack = (sent: Draft, wasForm: boolean, error: Error): void => {
    const told = errorsOf(error);
    const hasFields = Object.keys(sent).some((name) => told[name] !== undefined);
    if (!isShown.current) {
      tellError(error, `${deal.name ?? `Deal ${deal.id}`} was not saved.`);
      return;
    }
    setDraft((since) => refused(sent, told, since));
    setOpen((now) => {
      const [field] = Object.keys(sent);
      return now === null && !wasForm && hasFields && field !== undefined
        ? { form: false, field }
        : { form: true };
    });
    setFailure(hasFields ? null : wordsOf(error));
    setRefusals((count) => count + 1);
  };

  const send: DealEditing['save'] = (last) => {
    if (open === null) return;
    const typed =
      last === undefined ? draft : withTyped(draft, last.field, last.value, last.chosen);
    const sentFields = changedIn(typed, fields);
    if (sentFields.length === 0) {
      close();
      return;
    }
    const sent = only(typed, sentFields);
    const at = new Date();
    close();
    save.mutate({
      values: valuesOf(sent, sentFields),
      drawn: (before) => withPending(before, sentFields, sent, at),
      onSaved: (saved) => {
        tellSaved(saved, fields, () => {
          save.mutate({
            values: saved.before,
            onSaved: () => undefined,
            onRefused: (error) => {
              tellError(error, 'The edit could not be undone.');
            },
          });
        });
      },
      onRefused: (error) => {
        giveBack(sent, open.form, error);
      },
    });
  };

  return {
    reason: mayEdit ? form.data?.read_only_reason : readersReason(editors),
    fields,
    open,
    lastEdited,
    draft,
    changed,
    failure,
    refusals,
    isAway: form.isError && !(form.error instanceof ApiProblem) && isPassing(form.error),
    fieldOf: (name) => fields.find((field) => field.api_name === name),
    isOpen: (name) => open !== null && (open.form || open.field === name),
    begin: (field) => {
      if (form.data?.read_only_reason !== null) return;
      // What was typed into one field goes on in the form.
      if (field === undefined) setOpen({ form: true });
      else if (open === null) setOpen({ form: false, field });
      setLastEdited(field ?? null);
    },
    type: (field, value, chosen) => {
      setDraft((before) => withTyped(before, field, value, chosen));
    },
    takeBack: (name) => {
      setDraft((before) => without(before, name));
    },
    save: send,
    leave: () => {
      if (open?.form === true && changed.length > 0) setWantsOut(true);
      else close();
    },
    isAsking: wantsOut || blocker.state === 'blocked',
    stay: () => {
      setWantsOut(false);
      blocker.reset?.();
    },
    discard: () => {
      close();
      blocker.proceed?.();
    },
  };
}

function readersReason(editors: readonly string[]): string {
  const names = editors.length === 0 ? '' : ` Editors: ${editors.join(', ')}.`;
  return `You can read this, not change it.${names}`;
}

/** Returns what a refusal says of each field, by API name. */
function errorsOf(error: Error): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    error.fields.map(({ field, message, fix }) => [
      field,
      [message, fix].filter(Boolean).join(' '),
    ]),
  );
}

function tellSaved(saved: Saved, fields: readonly FormField[], undo: () => void): void {
  const labels = (names: readonly string[]): string =>
    listed(names.map((name) => fields.find((field) => field.api_name === name)?.label ?? name));
  if (saved.changed.length > 0) {
    tellUndoable(`${labels(saved.changed)} saved, waiting for the CRM.`, undo);
  } else if (saved.cancelled.length > 0) {
    const verb = saved.cancelled.length === 1 ? 'is' : 'are';
    tellUndoable(`${labels(saved.cancelled)} ${verb} back at the agreed value.`, undo);
  }
}

function useIsShown(): { readonly current: boolean } {
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return isShown;
}

/** A tab that is closed or loaded again loses what was typed: the browser asks. */
function useAskBeforeClosing(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return undefined;
    const ask = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
    };
  }, [isDirty]);
}

const Editing = createContext<DealEditing | null>(null);

export const EditingProvider = Editing.Provider;

/** Returns the editing of the deal whose page this is. */
export function useEditing(): DealEditing {
  const editing = useContext(Editing);
  if (editing === null) throw new Error('outside of a deal page');
  return editing;
}
