/** A value that neither side has: typed into the field's own input, as the deal's form has it. */
import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { InputValue } from '@/components/field-inputs/field';
import { FieldInput } from '@/components/field-inputs/field-input';
import { localMinute } from '@/components/field-inputs/typed-day';
import { wordsOf } from '@/lib/api';
import { useNow } from '@/lib/now';
import { heldRecord, useLookup } from '@/lib/queries/lookups';
import { type ConflictField, formQuery } from '../../api/conflicts';
import { typedText } from '../../lib/typed-text';
import classes from './field-row.module.css';

type Props = {
  recordId: string;
  field: ConflictField;
  /** `words` are what is shown of the value: a record by its name. */
  onTake: (value: InputValue, words: string) => void;
  onLeave: () => void;
};

export function TypedValue({ recordId, field, onTake, onLeave }: Props) {
  const form = useQuery(formQuery(recordId));
  const described = form.data?.fields.find(({ api_name }) => api_name === field.field);
  const held = described === undefined ? null : heldRecord(described);
  const [typed, setTyped] = useState<{ value: InputValue; label: string | null }>();
  const lookup = useLookup(field.field, described?.has_lookup ?? false, held);
  const box = useRef<HTMLFormElement>(null);
  const now = useNow('minute');
  const isThere = described !== undefined;
  useEffect(() => {
    if (isThere) box.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [isThere]);
  const leave = useRef(onLeave);
  useEffect(() => {
    leave.current = onLeave;
  });
  useEffect(() => {
    const form = box.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') leave.current();
      if (event.key === 'Enter' && event.ctrlKey) form?.requestSubmit();
    };
    form?.addEventListener('keydown', onKey);
    return () => form?.removeEventListener('keydown', onKey);
  }, [isThere]);
  if (form.isError) return <span className={classes.error}>{wordsOf(form.error)}</span>;
  if (form.data === undefined) return <Loader size={14} aria-label="Loading" />;
  const reason =
    described === undefined
      ? 'The CRM has no such field any more.'
      : (described.read_only_reason ??
        (described.input === 'none' ? 'This field cannot be typed.' : null));
  if (described === undefined || reason !== null) {
    return <span className={classes.small}>{reason}</span>;
  }
  const { value, label } = typed ?? { value: described.value, label: held?.label ?? null };
  return (
    <form
      ref={box}
      className={classes.typing}
      onSubmit={(event) => {
        event.preventDefault();
        onTake(value, typedText(described, value, label));
      }}
    >
      <FieldInput
        field={described}
        value={value}
        onChange={(next) => {
          setTyped({ value: next, label: lookup.labelOf(next) });
        }}
        today={localMinute(now).slice(0, 10)}
        isBare
        lookup={lookup}
      />
      <span className={classes.buttons}>
        <Button type="submit">Take</Button>
        <Button variant="subtle" onClick={onLeave}>
          Leave
        </Button>
      </span>
    </form>
  );
}
