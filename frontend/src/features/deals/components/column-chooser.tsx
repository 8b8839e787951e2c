/** Which columns are shown and in which order; the CRM's own fields too. */
import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns } from '@tabler/icons-react';
import { useState } from 'react';
import type { ColumnLine } from '../api/queries';
import { moved } from '../lib/columns';
import type { Columns } from '../lib/use-columns';
import classes from './column-chooser.module.css';

export function ColumnChooser({ columns }: { columns: Columns }) {
  const [typed, setTyped] = useState('');
  const { all, shown, choose, isFirstChoice } = columns;
  const keys = shown.map(({ key }) => key);
  const wanted = typed.trim().toLowerCase();
  const isWanted = ({ label }: ColumnLine): boolean => label.toLowerCase().includes(wanted);
  const hidden = all.filter(({ key }) => !keys.includes(key));
  return (
    <Popover position="bottom-end" width={320} trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={classes.button ?? ''}
          leftSection={<IconColumns size={15} stroke={1.7} aria-hidden />}
          disabled={all.length === 0}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <TextInput
          data-autofocus
          aria-label="Find a column"
          placeholder="Find a column"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        <div className={classes.lists}>
          <ul className={classes.list} aria-label="Shown columns">
            {shown.filter(isWanted).map((column) => (
              <li key={column.key} className={classes.line}>
                <Checkbox
                  radius={4}
                  checked
                  label={column.label}
                  // Without its name a row could not be opened.
                  disabled={column.key === 'name'}
                  onChange={() => {
                    choose(keys.filter((key) => key !== column.key));
                  }}
                />
                <span className={classes.moves}>
                  <Move column={column} by={-1} keys={keys} choose={choose} />
                  <Move column={column} by={1} keys={keys} choose={choose} />
                </span>
              </li>
            ))}
          </ul>
          <ul className={classes.list} aria-label="Further columns">
            {hidden.filter(isWanted).map((column) => (
              <li key={column.key} className={classes.line}>
                <Checkbox
                  radius={4}
                  checked={false}
                  label={column.label}
                  onChange={() => {
                    choose([...keys, column.key]);
                  }}
                />
                {column.is_crm_field && <span className={classes.origin}>CRM field</span>}
              </li>
            ))}
          </ul>
        </div>
        {!isFirstChoice && (
          <Button
            fullWidth
            onClick={() => {
              choose(null);
            }}
          >
            Back to the usual columns
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

type MoveProps = {
  column: ColumnLine;
  by: 1 | -1;
  keys: readonly string[];
  choose: Columns['choose'];
};

function Move({ column, by, keys, choose }: MoveProps) {
  const Icon = by < 0 ? IconArrowUp : IconArrowDown;
  const isAtEnd = keys.at(by < 0 ? 0 : -1) === column.key;
  return (
    <ActionIcon
      size={24}
      disabled={isAtEnd}
      aria-label={`Move ${column.label} ${by < 0 ? 'to the left' : 'to the right'}`}
      onClick={() => {
        choose(moved(keys, column.key, by));
      }}
    >
      <Icon size={14} stroke={1.7} aria-hidden />
    </ActionIcon>
  );
}
