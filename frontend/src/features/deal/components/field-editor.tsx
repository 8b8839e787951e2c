/** The input of one field, in the form or alone in its row; what was typed stays whatever arrives. */
import { UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { FieldInput } from '@/components/field-inputs/field-input';
import { localMinute } from '@/components/field-inputs/typed-day';
import { useNow } from '@/lib/now';
import { heldRecord, useLookup } from '@/lib/queries/lookups';
import { valueText } from '@/lib/value-text';
import type { FormField } from '../api/edit';
import { hasMovedOn } from '../lib/draft';
import { useEditing } from '../lib/use-deal-editing';
import classes from './field-editor.module.css';

export function FieldEditor({ field, isAlone }: { field: FormField; isAlone: boolean }) {
  const { draft, type, save, leave } = useEditing();
  const typed = draft[field.api_name];
  const now = useNow('minute');
  const lookup = useLookup(field.api_name, field.has_lookup, heldRecord(field));
  const box = useRef<HTMLDivElement>(null);
  const isChosen = field.input === 'choice' || field.input === 'reference';
  const takesLines = field.input === 'paragraph' || field.input === 'choices';

  useEffect(() => {
    if (!isAlone) return;
    const input = box.current?.querySelector<HTMLInputElement>('input, textarea');
    input?.focus();
    if (input?.type !== 'checkbox') input?.select();
  }, [isAlone]);
  useSaveOutside(box, isAlone, save);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isAlone) return;
    if (event.key === 'Escape') leave();
    const isSave = event.key === 'Enter' && (event.ctrlKey || event.metaKey || !takesLines);
    if (!isSave || isChosen) return;
    event.preventDefault();
    save();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the input inside
    <div ref={box} className={classes.editor} data-field={field.api_name} onKeyDown={onKeyDown}>
      <FieldInput
        field={field}
        value={typed === undefined ? field.value : typed.value}
        today={localMinute(now).slice(0, 10)}
        isBare
        isOpen={isAlone}
        error={typed?.error ?? undefined}
        lookup={field.input === 'reference' ? lookup : undefined}
        onChange={(value) => {
          const chosen = lookup.labelOf(value);
          if (isAlone && isChosen) save({ field, value, chosen });
          else type(field, value, chosen);
        }}
      />
      {typed !== undefined && hasMovedOn(typed, field) && <MovedOn field={field} />}
      {isAlone && <p className={classes.hint}>{hintOf(isChosen, takesLines)}</p>}
    </div>
  );
}

const hintOf = (isChosen: boolean, takesLines: boolean): string => {
  if (isChosen) return 'Choosing saves, Esc leaves';
  return takesLines ? 'Ctrl+Enter saves, Esc leaves' : 'Enter saves, Esc leaves';
};

/** A press elsewhere settles the field, as it does in the table. */
function useSaveOutside(
  box: { readonly current: HTMLElement | null },
  isOn: boolean,
  save: () => void,
): void {
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const onPress = (event: MouseEvent): void => {
      const target = event.target instanceof Node ? event.target : null;
      if (box.current?.contains(target) === false) latest.current();
    };
    document.addEventListener('mousedown', onPress);
    return () => {
      document.removeEventListener('mousedown', onPress);
    };
  }, [box, isOn]);
}

/** Somebody changed the field while it was typed in: said, and nothing that was typed is touched. */
function MovedOn({ field }: { field: FormField }) {
  const now = useNow('minute');
  const { takeBack } = useEditing();
  const where =
    field.change === null
      ? 'in the CRM'
      : `by ${field.change.is_mine ? 'you, elsewhere' : field.change.by}`;
  return (
    <p className={classes.moved} role="status">
      Changed meanwhile {where}: {valueText(field.shown, now, { brief: true })}. What you typed
      stays.{' '}
      <UnstyledButton
        className={classes.take}
        onClick={() => {
          takeBack(field.api_name);
        }}
      >
        Take theirs
      </UnstyledButton>
    </p>
  );
}
