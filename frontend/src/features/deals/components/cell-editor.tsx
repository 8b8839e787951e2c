/** The editor of a cell: it lies over the cell, Enter saves, Esc leaves, and so does a click elsewhere. */
import { Popover, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import {
  type InputField,
  type InputValue,
  isSameValue,
  type Option,
} from '@/components/field-inputs/field';
import { FieldInput } from '@/components/field-inputs/field-input';
import { type Schema, wordsOf } from '@/lib/api';
import { heldRecord, useLookup } from '@/lib/queries/lookups';
import { cellForm } from '../api/edit';
import classes from './cell-editor.module.css';

/** What a person typed and the server refused: the editor opens with it again. */
export type Draft = { value: InputValue; error: string };

export type SavedCell = { field: InputField; value: InputValue; chosen: Option | null };

type CellEditorProps = {
  dealId: string;
  /** API name. */
  field: string;
  today: string;
  draft: Draft | null;
  onSave: (saved: SavedCell) => void;
  onLeave: () => void;
  /** The cell as it looks at rest. */
  children: ReactNode;
};

export function CellEditor(props: CellEditorProps) {
  const { dealId, field, onLeave } = props;
  const form = useQuery(cellForm(dealId, field));
  const found = form.data?.field;
  const reason = form.data?.readOnlyReason ?? found?.read_only_reason;
  return (
    <Popover
      opened
      onDismiss={onLeave}
      closeOnClickOutside={found === undefined}
      position="bottom-start"
      offset={-4}
      width={300}
      withinPortal
    >
      <Popover.Target>
        <span className={classes.anchor}>{props.children}</span>
      </Popover.Target>
      <Popover.Dropdown className={classes.editor}>
        {form.isError ? (
          <p role="alert" className={classes.words}>
            {wordsOf(form.error)}
          </p>
        ) : found === undefined ? (
          <Skeleton height={32} />
        ) : found === null || (reason !== null && reason !== undefined) ? (
          <p role="alert" className={classes.words}>
            {reason ?? 'The CRM has this field no more.'}
          </p>
        ) : (
          <Editor {...props} found={found} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

type FormField = Schema['FormField'];

/** The record that a reference points to now. */
type EditorProps = CellEditorProps & { found: FormField };

function Editor({ found, field, today, draft, onSave, onLeave }: EditorProps) {
  const [value, setValue] = useState<InputValue>(draft?.value ?? found.value);
  const [error, setError] = useState(draft?.error);
  const lookup = useLookup(field, found.has_lookup, heldRecord(found));
  const box = useRef<HTMLDivElement>(null);
  const optionOf = (chosen: InputValue): Option | null => {
    const label = lookup.labelOf(chosen);
    return typeof chosen === 'string' && label !== null ? { value: chosen, label } : null;
  };
  const save = (last: InputValue): void => {
    if (isSameValue(last, found.value)) onLeave();
    else onSave({ field: found, value: last, chosen: optionOf(last) });
  };
  const latest = useRef({ save, value });
  useEffect(() => {
    latest.current = { save, value };
  });
  useEffect(() => {
    const input = box.current?.querySelector<HTMLInputElement>('input, textarea');
    input?.focus();
    if (input?.type !== 'checkbox') input?.select();
  }, []);
  useEffect(() => {
    const onPress = (event: MouseEvent): void => {
      const target = event.target instanceof Node ? event.target : null;
      if (box.current?.contains(target) === false) latest.current.save(latest.current.value);
    };
    document.addEventListener('mousedown', onPress);
    return () => {
      document.removeEventListener('mousedown', onPress);
    };
  }, []);
  const isChosen = found.input === 'choice' || found.input === 'reference';
  const onKeyDown = (event: KeyboardEvent): void => {
    // The table listens to the same keys.
    event.stopPropagation();
    if (event.key === 'Escape') onLeave();
    if (event.key !== 'Enter' || isChosen) return;
    if (found.input === 'paragraph' && !event.ctrlKey && !event.metaKey) return;
    if (found.input === 'choices' && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    save(value);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the input inside
    <div ref={box} onKeyDown={onKeyDown}>
      <FieldInput
        field={found}
        value={value}
        today={today}
        isBare
        error={error}
        lookup={found.input === 'reference' ? lookup : undefined}
        onChange={(next) => {
          setValue(next);
          setError(undefined);
          if (isChosen) save(next);
        }}
      />
      <p className={classes.hint}>{hintOf(found.input)}</p>
    </div>
  );
}

const hintOf = (input: InputField['input']): string => {
  if (input === 'paragraph' || input === 'choices') return 'Ctrl+Enter saves, Esc leaves';
  return input === 'choice' || input === 'reference'
    ? 'Choosing saves, Esc leaves'
    : 'Enter saves, Esc leaves';
};
