/** The input of a CRM field, typed by its metadata: the same in forms, cells and bulk changes. */
import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { formatClock, formatDayFull, formatNumber, placesOf } from '@/lib/format';
import { ChoiceInput, ChoicesInput, ReferenceInput } from './choice-inputs';
import type { InputField, InputValue, Lookup } from './field';
import { isDay, isMoment, localMinute, readDay, readMoment } from './typed-day';
import { TypedInput } from './typed-input';
import { readNumber, showNumber } from './typed-number';

export type FieldInputProps = {
  field: InputField;
  value: InputValue;
  onChange: (value: InputValue) => void;
  /** The organisation's date, for `tomorrow` and a year that is left out. */
  today: string;
  error?: string | undefined;
  description?: string | undefined;
  /** Named for screen readers only: the head of a column says it. */
  isBare?: boolean;
  /** Shows the options of a choice at once; where nothing is said, a bare one does. */
  isOpen?: boolean;
  /** Of references. */
  lookup?: Lookup | undefined;
};

const NO_LOOKUP: Lookup = {
  found: [],
  chosen: null,
  isSearching: false,
  failure: 'There is no list of these records.',
  onSearch: () => undefined,
};

const MODES = { email: 'email', phone: 'tel', url: 'url' } as const;

export function FieldInput(props: FieldInputProps) {
  const { field, value, onChange, today, error, description, isBare = false, lookup } = props;
  const { isOpen = isBare } = props;
  const text = typeof value === 'string' ? value : null;
  const common = {
    ...(isBare ? { 'aria-label': field.label } : { label: field.label }),
    required: field.is_mandatory,
    error,
    description,
  };
  switch (field.input) {
    case 'none':
      return null;
    case 'text':
    case 'email':
    case 'phone':
    case 'url':
      return (
        <TextInput
          {...common}
          autoComplete="off"
          inputMode={field.input === 'text' ? 'text' : MODES[field.input]}
          value={text ?? ''}
          onChange={(event) => {
            onChange(event.currentTarget.value || null);
          }}
        />
      );
    case 'paragraph':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={10}
          value={text ?? ''}
          onChange={(event) => {
            onChange(event.currentTarget.value || null);
          }}
        />
      );
    case 'integer':
    case 'digits':
    case 'decimal':
    case 'percent':
    case 'money':
      return (
        <TypedInput
          {...common}
          inputMode="decimal"
          value={text}
          onChange={onChange}
          read={readNumber}
          show={field.input === 'digits' ? String : showerOf(field)}
          {...unitOf(field)}
        />
      );
    case 'date':
      return (
        <TypedInput
          {...common}
          value={text}
          onChange={onChange}
          read={(typed) => readDay(typed, today)}
          show={(day) => (isDay(day) ? formatDayFull(day) : day)}
          picker={{
            type: 'date',
            value: text !== null && isDay(text) ? text : '',
            onPick: (day) => {
              onChange(day || null);
            },
          }}
        />
      );
    case 'instant':
      return (
        <TypedInput
          {...common}
          value={text}
          onChange={onChange}
          read={(typed) => readMoment(typed, today)}
          show={showMoment}
          picker={{
            type: 'datetime-local',
            value: text !== null && isMoment(text) ? localMinute(new Date(text)) : '',
            onPick: (minute) => {
              onChange(readMoment(minute.replace('T', ' '), today));
            },
          }}
        />
      );
    case 'boolean':
      return (
        <Checkbox
          {...(isBare ? { 'aria-label': field.label } : { label: field.label })}
          error={error}
          description={description}
          checked={value === true}
          onChange={(event) => {
            onChange(event.currentTarget.checked);
          }}
        />
      );
    case 'choice':
      return <ChoiceInput {...common} {...{ field, value, onChange }} isOpen={isOpen} />;
    case 'choices':
      return <ChoicesInput {...common} {...{ field, value, onChange }} isOpen={isOpen} />;
    case 'reference':
      return (
        <ReferenceInput
          {...common}
          {...{ field, value, onChange }}
          isOpen={isOpen}
          lookup={lookup ?? NO_LOOKUP}
        />
      );
  }
}

/** Money with cents shows all of them; any other number shows the digits that it has. */
const showerOf =
  (field: InputField) =>
  (value: string): string => {
    const isExactly = field.input === 'money' && /^-?\d+\.\d+$/.test(value);
    const places = placesOf(field.currency ?? 'SGD');
    const digits = value.split('.')[1]?.length ?? 0;
    return isExactly && digits < places ? formatNumber(value, places) : showNumber(value);
  };

function showMoment(value: string): string {
  if (!isMoment(value)) return value;
  const moment = new Date(value);
  return `${formatDayFull(localMinute(moment).slice(0, 10))}, ${formatClock(moment)}`;
}

function unitOf(field: InputField) {
  const unit = field.input === 'money' ? field.currency : field.input === 'percent' ? '%' : null;
  if (unit === null) return {};
  return { rightSection: <span aria-hidden>{unit}</span>, rightSectionWidth: 44 };
}
