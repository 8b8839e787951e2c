/** Filters by day: when a deal closes, and since when it changed. */
import { TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useNow } from '@/lib/now';
import { ALL, ALL_TIME, PERIODS, withoutFilter, withoutLimit } from './filters';
import type { EditorProps } from './filter-editor';
import classes from './editor.module.css';

type PresetProps = { word: string; isChosen: boolean; onChoose: () => void };

function Preset({ word, isChosen, onChoose }: PresetProps) {
  return (
    <button type="button" className={classes.preset} aria-pressed={isChosen} onClick={onChoose}>
      {word}
      {isChosen && <IconCheck size={14} stroke={1.7} aria-hidden />}
    </button>
  );
}

export function ClosingEditor({ filter, params, onChange, onDone, isPinned }: EditorProps) {
  const setDay = (name: 'closing_from' | 'closing_to', day: string): void => {
    const after = new URLSearchParams(params);
    after.delete('closing');
    if (day) after.set(name, day);
    else after.delete(name);
    const isUnset = !after.has('closing_from') && !after.has('closing_to');
    onChange(isUnset && isPinned ? withoutLimit(after, filter) : after);
  };
  return (
    <div className={classes.editor}>
      <div className={classes.presets}>
        {(isPinned ? [...PERIODS, [ALL, ALL_TIME] as const] : PERIODS).map(([value, word]) => (
          <Preset
            key={value}
            word={word}
            isChosen={params.get('closing') === value}
            onChoose={() => {
              const after = withoutFilter(params, filter);
              after.set('closing', value);
              onChange(after);
              onDone();
            }}
          />
        ))}
      </div>
      <div className={classes.pair}>
        <TextInput
          type="date"
          label="From"
          value={params.get('closing_from') ?? ''}
          onChange={(event) => {
            setDay('closing_from', event.currentTarget.value);
          }}
        />
        <TextInput
          type="date"
          label="To"
          value={params.get('closing_to') ?? ''}
          onChange={(event) => {
            setDay('closing_to', event.currentTarget.value);
          }}
        />
      </div>
    </div>
  );
}

const HOUR_MS = 3_600_000;
const SINCE: readonly [word: string, hours: number][] = [
  ['Last hour', 1],
  ['Last 24 hours', 24],
  ['Last 7 days', 7 * 24],
  ['Last 30 days', 30 * 24],
];

export function SinceEditor({ filter, params, onChange, onDone }: EditorProps) {
  const now = useNow('minute');
  return (
    <div className={classes.presets}>
      {SINCE.map(([word, hours]) => (
        <Preset
          key={word}
          word={word}
          isChosen={false}
          onChoose={() => {
            const after = withoutFilter(params, filter);
            after.set(filter.key, new Date(now.getTime() - hours * HOUR_MS).toISOString());
            onChange(after);
            onDone();
          }}
        />
      ))}
    </div>
  );
}
