/** A run that is on: how far, how fast, how long still; and the way to stop it. */
import { Button, VisuallyHidden } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatDuration, formatShare, formatWhole } from '@/lib/format';
import classes from './run.module.css';
import { Segments, type Slice } from './segments';

type RunProgressProps = {
  /** Its accessible name: "Active sync progress". */
  name: string;
  /** `Full sync of Deals`. */
  title: string;
  hint: ReactNode;
  /** Null while nobody knows how much there is. */
  percentage: number | null;
  processed: number;
  total: number | null;
  noun: string;
  /** Per second. */
  rate: number | null;
  secondsLeft: number | null;
  slices?: readonly Slice[];
  wordsOfSlice?: (key: string) => string;
  /** Null where this person may not stop it. */
  stop: { word: string; isStopping: boolean; onStop: () => void } | null;
  children?: ReactNode;
};

export function RunProgress(props: RunProgressProps) {
  const { title, percentage, stop, slices = [] } = props;
  return (
    <section className={classes.run} aria-label={props.name}>
      <div className={classes.head}>
        <IconRefresh className={classes.turning} size={18} stroke={1.7} aria-hidden />
        <h2 className={classes.title}>{title}</h2>
        <span className={classes.hint}>{props.hint}</span>
      </div>
      <Figures {...props} />
      {percentage !== null && (
        <Segments
          slices={slices}
          percentage={percentage}
          {...(props.wordsOfSlice && { wordsOf: props.wordsOfSlice })}
        />
      )}
      {stop !== null && (
        <Button
          className={classes.stop ?? ''}
          variant="outline"
          color="red"
          disabled={stop.isStopping}
          leftSection={<IconPlayerStop size={15} stroke={1.7} aria-hidden />}
          onClick={stop.onStop}
        >
          {stop.isStopping ? 'Stopping' : stop.word}
        </Button>
      )}
      <Reports title={title} percentage={percentage} />
      {props.children}
    </section>
  );
}

function Figures(props: RunProgressProps) {
  const { percentage: percent, processed, total, noun, rate, secondsLeft: left } = props;
  return (
    <dl className={classes.figures}>
      {percent !== null && (
        <Figure label="done" value={formatShare(percent / 100, 1)} kind="percent" />
      )}
      <Figure
        label={total === null ? `${noun} so far` : `of ${formatWhole(total)} ${noun}`}
        value={formatWhole(processed)}
      />
      {rate !== null && <Figure label={`${noun} a second`} value={formatWhole(rate)} />}
      {left !== null && <Figure label="left, about" value={formatDuration(left)} kind="left" />}
    </dl>
  );
}

type FigureProps = { label: string; value: string; kind?: 'percent' | 'left' };

function Figure({ label, value, kind }: FigureProps) {
  return (
    <div className={classes.figure} data-kind={kind}>
      <dt className={classes.unit}>{label}</dt>
      <dd className={classes.value}>{value}</dd>
    </div>
  );
}

type ReportsProps = { title: string; percentage: number | null };

/** Tells a screen reader every ten percent, and no more often. */
function Reports({ title, percentage }: ReportsProps) {
  const told = percentage === null ? null : Math.floor(percentage / 10) * 10;
  return (
    <VisuallyHidden role="status">
      {told === null || told === 0 ? '' : `${title}: ${formatShare(told / 100, 0)} done`}
    </VisuallyHidden>
  );
}
