/** Words to look for in name, account and owner. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { withoutFilter } from './filters';
import type { EditorProps } from './filter-editor';
import classes from './editor.module.css';

const LONGEST = 200;

export function TextEditor({ filter, params, onChange, onDone }: EditorProps) {
  const [typed, setTyped] = useState(params.get(filter.key) ?? '');
  const text = typed.trim();
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        const after = withoutFilter(params, filter);
        if (text !== '') after.set(filter.key, text);
        onChange(after);
        onDone();
      }}
    >
      <TextInput
        data-autofocus
        label="Words in name, account or owner"
        maxLength={LONGEST}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <Button type="submit" disabled={text === '' && !params.has(filter.key)}>
        Apply
      </Button>
    </form>
  );
}
