/** A value that neither side has: typed into the field's own input, as the deal's form has it. */
import { Button, Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { InputValue, Lookup } from '@/components/field-inputs/field';
import { FieldInput } from '@/components/field-inputs/field-input';
import { wordsOf } from '@/lib/api';
import { useNow } from '@/lib/now';
import { type ConflictField, formQuery, lookupQuery } from '../../api/conflicts';
import { typedText } from '../../lib/typed-text';
import classes from './field-row.module.css';

type Props = {
  recordId: string;
  field: ConflictField;
  onTake: (value: InputValue) => void;
  onLeave: () => void;
};

const pad = (part: number): string => String(part).padStart(2, '0');

export function TypedValue({ recordId, field, onTake, onLeave }: Props) {
  const form = useQuery(formQuery(recordId));
  const described = form.data?.fields.find(({ api_name }) => api_name === field.field);
  const [typed, setTyped] = useState<InputValue | undefined>(undefined);
  const lookup = useLookup(field.field, described?.has_lookup ?? false);
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
  const value = typed === undefined ? described.value : typed;
  return (
    <form
      ref={box}
      className={classes.typing}
      onSubmit={(event) => {
        event.preventDefault();
        onTake(value);
      }}
    >
      <FieldInput
        field={described}
        value={value}
        onChange={setTyped}
        today={`${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`}
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

function useLookup(field: string, isWanted: boolean): Lookup | undefined {
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed, 200);
  const found = useQuery({ ...lookupQuery(field, asked), enabled: isWanted });
  if (!isWanted) return undefined;
  return {
    found: found.data?.items ?? [],
    chosen: null,
    isSearching: found.isFetching,
    failure: found.isError ? wordsOf(found.error) : null,
    onSearch: setTyped,
  };
}

type TextProps = { recordId: string; field: ConflictField; value: InputValue };

export function TypedText({ recordId, field, value }: TextProps) {
  const form = useQuery({ ...formQuery(recordId), enabled: false });
  return typedText(
    form.data?.fields.find(({ api_name }) => api_name === field.field),
    value,
  );
}
