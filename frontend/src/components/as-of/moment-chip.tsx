/** A chip that says as of when, or compared with when, and lets one choose another moment. */
import { Button, Popover, TextInput } from '@mantine/core';
import { IconCheck, IconChevronDown, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { localMinute } from '@/components/field-inputs/typed-day';
import { formatStamp, formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import classes from './moment-chip.module.css';
import { instantOf, momentOf, momentWords, PRESETS } from './moments';

type MomentChipProps = {
  /** Before the moment: `As of`, `Compared with`. */
  label: string;
  /** An instant as the address has it; null is the moment that stands by itself. */
  value: string | null;
  onChange: (instant: string | null) => void;
  /** What no moment means; by default now. */
  unset?: { word: string; said: string };
  /** When history began; moments before it cannot be chosen. */
  earliest?: string | null | undefined;
};

const NOW = { word: 'Now', said: 'now' };

export function MomentChip(props: MomentChipProps) {
  const { label, value, onChange, unset = NOW, earliest } = props;
  const [isOpen, setOpen] = useState(false);
  const now = useNow('minute');
  const moment = momentOf(value);
  const choose = (instant: string | null): void => {
    setOpen(false);
    onChange(instant);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.chip}
          data-past={moment !== null || undefined}
          title={moment === null ? undefined : formatStamp(moment)}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <IconHistory size={14} stroke={1.7} aria-hidden />
          <span className={classes.label}>{label}</span>
          <span className={classes.said}>
            {moment === null ? unset.said : momentWords(moment, now)}
          </span>
          <IconChevronDown size={13} stroke={1.7} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        {isOpen && (
          <Moments moment={moment} now={now} unset={unset} earliest={earliest} onChoose={choose} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

type MomentsProps = {
  moment: Date | null;
  now: Date;
  unset: { word: string };
  earliest: string | null | undefined;
  onChoose: (instant: string | null) => void;
};

function Moments({ moment, now, unset, earliest, onChoose }: MomentsProps) {
  const began = momentOf(earliest ?? null);
  return (
    <div className={classes.moments}>
      <Choice word={unset.word} isChosen={moment === null} onChoose={onChoose} instant={null} />
      {PRESETS.map(({ key, word, at }) => {
        const then = at(now);
        return (
          <Choice
            key={key}
            word={word}
            said={formatWhen(then, now)}
            isChosen={moment !== null && instantOf(moment) === instantOf(then)}
            isTooEarly={began !== null && then < began}
            instant={instantOf(then)}
            onChoose={onChoose}
          />
        );
      })}
      <Typed moment={moment} now={now} began={began} onChoose={onChoose} />
    </div>
  );
}

type ChoiceProps = {
  word: string;
  said?: string;
  isChosen: boolean;
  isTooEarly?: boolean;
  instant: string | null;
  onChoose: (instant: string | null) => void;
};

function Choice({ word, said, isChosen, isTooEarly = false, instant, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      className={classes.choice}
      aria-pressed={isChosen}
      disabled={isTooEarly}
      onClick={() => {
        onChoose(instant);
      }}
    >
      <span>{word}</span>
      <span className={classes.then}>{isTooEarly ? 'before history' : said}</span>
      {isChosen && <IconCheck size={14} stroke={1.7} aria-hidden />}
    </button>
  );
}

type TypedProps = Pick<MomentsProps, 'moment' | 'now' | 'onChoose'> & { began: Date | null };

function Typed({ moment, now, began, onChoose }: TypedProps) {
  const [typed, setTyped] = useState(moment === null ? '' : localMinute(moment));
  const then = momentOf(typed === '' ? null : typed);
  const error =
    then === null
      ? null
      : then > now
        ? 'That has not come yet.'
        : began !== null && then < began
          ? `History begins on ${formatWhen(began, now)}.`
          : null;
  return (
    <form
      className={classes.typed}
      onSubmit={(event) => {
        event.preventDefault();
        if (then !== null && error === null) onChoose(instantOf(then));
      }}
    >
      <TextInput
        type="datetime-local"
        label="Day and time"
        value={typed}
        max={localMinute(now)}
        {...(began !== null && { min: localMinute(began) })}
        error={error}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <Button type="submit" disabled={then === null || error !== null}>
        Show
      </Button>
    </form>
  );
}
