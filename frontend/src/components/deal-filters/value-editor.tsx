/** The least and the greatest value, in the base currency. */
import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { EditorProps } from './filter-editor';
import classes from './editor.module.css';

export function ValueEditor({ params, onChange }: EditorProps) {
  return (
    <div className={`${classes.pair ?? ''} ${classes.alone ?? ''}`}>
      <Bound name="value_from" label="At least" params={params} onChange={onChange} />
      <Bound name="value_to" label="At most" params={params} onChange={onChange} />
    </div>
  );
}

type BoundProps = Pick<EditorProps, 'params' | 'onChange'> & { name: string; label: string };

/** A figure that counts once it is left or confirmed: the table must not follow each digit. */
function Bound({ name, label, params, onChange }: BoundProps) {
  const [typed, setTyped] = useState<string | number>(params.get(name) ?? '');
  const settle = (): void => {
    const after = new URLSearchParams(params);
    if (typed === '') after.delete(name);
    else after.set(name, String(typed));
    if (after.toString() !== params.toString()) onChange(after);
  };
  return (
    <NumberInput
      label={label}
      value={typed}
      onChange={setTyped}
      thousandSeparator=","
      hideControls
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === 'Enter') settle();
      }}
    />
  );
}
