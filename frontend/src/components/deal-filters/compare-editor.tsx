/** A condition on a field of the CRM: how it compares, and with what. */
import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { conditionsOf, withConditions } from './filters';
import type { EditorProps } from './filter-editor';
import classes from './editor.module.css';

const WORDS: Record<string, string> = {
  is: 'is',
  contains: 'contains',
  min: 'is at least',
  max: 'is at most',
  empty: 'is empty',
  filled: 'is filled',
};
const DAYS = { min: 'is from', max: 'is until', is: 'is on' };

export function CompareEditor({ filter, params, onChange, onDone }: EditorProps) {
  const kind = filter.column?.kind;
  const isDay = kind === 'date' || kind === 'instant';
  const isNumber = kind === 'number' || kind === 'money' || kind === 'percent';
  // A person's or record's id is nothing that anybody types.
  const tests = (filter.column?.tests ?? []).filter(
    (test) => kind !== 'named' || test === 'empty' || test === 'filled',
  );
  const [set] = conditionsOf(params, filter.key);
  const first = kind === 'text' ? 'contains' : (tests[0] ?? 'filled');
  const [test, setTest] = useState(set?.test ?? first);
  const [value, setValue] = useState(set?.value ?? '');
  const isAlone = test === 'empty' || test === 'filled';
  const isComplete = isAlone || value.trim() !== '';
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isComplete) return;
        onChange(withConditions(params, filter.key, [{ test, value: value.trim() }]));
        onDone();
      }}
    >
      <Select
        aria-label="How it compares"
        data={tests.map((name) => ({
          value: name,
          label: (isDay ? { ...WORDS, ...DAYS } : WORDS)[name] ?? name,
        }))}
        value={test}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(chosen) => {
          if (chosen !== null) setTest(chosen);
        }}
      />
      {!isAlone && (
        <TextInput
          data-autofocus
          aria-label="With what"
          type={isDay ? 'date' : 'text'}
          inputMode={isNumber ? 'decimal' : 'text'}
          value={value}
          onChange={(event) => {
            setValue(event.currentTarget.value);
          }}
        />
      )}
      <Button type="submit" disabled={!isComplete}>
        Apply
      </Button>
    </form>
  );
}
