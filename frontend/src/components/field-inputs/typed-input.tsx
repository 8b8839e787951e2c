/** A text field for what is written in many ways: it reads what is typed and shows what it understood. */
import { ActionIcon, TextInput, type TextInputProps } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import classes from './typed-input.module.css';

type TypedInputProps = Omit<TextInputProps, 'value' | 'onChange' | 'type'> & {
  value: string | null;
  onChange: (value: string | null) => void;
  /** From what was typed to the value; what cannot be read stays as it is. */
  read: (typed: string) => string | null;
  /** From the value to what is shown at rest. */
  show: (value: string) => string;
  picker?: { type: 'date' | 'datetime-local'; value: string; onPick: (picked: string) => void };
};

export function TypedInput({ value, onChange, read, show, picker, ...rest }: TypedInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const native = useRef<HTMLInputElement>(null);
  return (
    <TextInput
      {...rest}
      autoComplete="off"
      value={typed ?? (value === null ? '' : show(value))}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(read(event.currentTarget.value));
      }}
      onBlur={(event) => {
        setTyped(null);
        rest.onBlur?.(event);
      }}
      {...(picker && {
        rightSection: (
          <span className={classes.picker}>
            <ActionIcon
              size={24}
              aria-label={picker.type === 'date' ? 'Choose a day' : 'Choose a day and a time'}
              tabIndex={-1}
              // The field keeps the focus: leaving it would mean that its value is settled.
              onMouseDown={(event) => {
                event.preventDefault();
              }}
              onClick={() => {
                native.current?.showPicker();
              }}
            >
              <IconCalendar size={15} stroke={1.7} aria-hidden />
            </ActionIcon>
            <input
              ref={native}
              type={picker.type}
              className={classes.native}
              tabIndex={-1}
              aria-hidden
              value={picker.value}
              onChange={(event) => {
                setTyped(null);
                picker.onPick(event.currentTarget.value);
              }}
            />
          </span>
        ),
      })}
    />
  );
}
