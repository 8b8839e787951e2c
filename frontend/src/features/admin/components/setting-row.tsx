/** One setting: what it means at the left, its value at the right; saved by itself, with undo. */
import { Button } from '@mantine/core';
import { type SyntheticEvent, useId, useState } from 'react';
import { Moment } from '@/components/time/moment';
import { wordsOf } from '@/lib/api';
import { tell, tellError } from '@/lib/toast';
import { type SettingItem, useChangeSettings } from '../api/settings';
import { boundsOf, kindOf } from '../lib/setting-kind';
import { choiceWords } from '../lib/choice-words';
import { SettingInput } from './setting-input';
import classes from './setting-row.module.css';

export function SettingRow({ item }: { item: SettingItem }) {
  const id = useId();
  const change = useChangeSettings();
  const [value, setValue] = useState<unknown>(item.value);
  const kind = kindOf(item.value_schema);
  const bounds = boundsOf(kind);
  const isChanged = JSON.stringify(value) !== JSON.stringify(item.value);

  const undo = () => {
    change.mutate(
      { [item.key]: item.value },
      {
        onError: (error) => {
          tellError(error, `${item.title} stays as saved.`);
        },
      },
    );
  };
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(
      { [item.key]: value },
      {
        onSuccess: () => {
          tell(
            <>
              {item.title} saved.{' '}
              <Button variant="transparent" onClick={undo}>
                Undo
              </Button>
            </>,
          );
        },
      },
    );
  };

  return (
    <form className={classes.row} aria-labelledby={id} onSubmit={save}>
      <div className={classes.words}>
        <h2 className={classes.title} id={id}>
          {item.title}
        </h2>
        <p className={classes.text}>{item.description}</p>
        <p className={classes.small}>
          {bounds && `${bounds.charAt(0).toUpperCase()}${bounds.slice(1)}. `}
          {kind.kind !== 'group' && `Default: ${choiceWords(item.key, item.default)}. `}
          {item.changed_at && (
            <>
              Last set <Moment at={item.changed_at} />
              {item.changed_by && ` by ${item.changed_by}`}.
            </>
          )}
        </p>
      </div>
      <div className={classes.value}>
        <SettingInput
          settingKey={item.key}
          label={item.title}
          kind={kind}
          value={value}
          onChange={setValue}
        />
        {change.isError && (
          <p className={classes.error} role="alert">
            {wordsOf(change.error)}
          </p>
        )}
        {isChanged && (
          <div className={classes.actions}>
            <Button
              onClick={() => {
                setValue(item.value);
                change.reset();
              }}
            >
              Leave as it was
            </Button>
            <Button type="submit" variant="filled" loading={change.isPending}>
              Save
            </Button>
          </div>
        )}
      </div>
    </form>
  );
}
