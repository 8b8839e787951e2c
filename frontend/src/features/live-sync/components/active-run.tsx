/** The run that is on: how far, how fast, how long still; and the way to stop it. */
import { Button, VisuallyHidden } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { formatClockSeconds, formatDuration, formatShare, formatWhole } from '@/lib/format';
import type { Session, SliceState } from '../api/queries';
import { askedBy, kindOf } from '../lib/words';
import classes from './run.module.css';
import { Segments } from './segments';
import { StopDialog } from './stop-dialog';

type ActiveRunProps = {
  session: Session;
  slices: readonly SliceState[];
  mayStop: boolean;
};

export function ActiveRun({ session, slices, mayStop }: ActiveRunProps) {
  const [isAsking, setIsAsking] = useState(false);
  const isStopping = session.cancel_requested_at !== null;
  const noun = session.module.toLowerCase();
  return (
    <section className={classes.run} aria-label="Active sync progress">
      <div className={classes.head}>
        <IconRefresh className={classes.turning} size={18} stroke={1.7} aria-hidden />
        <h2 className={classes.title}>
          {kindOf(session.sync_type)} of {session.module}
        </h2>
        <span className={classes.hint}>
          {session.started_at === null
            ? `asked for ${askedBy(session.requested_by)}, waits for a worker`
            : `started ${formatClockSeconds(new Date(session.started_at))} ${askedBy(session.requested_by)}`}
        </span>
      </div>
      <Figures session={session} noun={noun} />
      {session.progress_percentage !== null && (
        <Segments slices={slices} percentage={session.progress_percentage} />
      )}
      {mayStop && (
        <Button
          className={classes.stop ?? ''}
          variant="outline"
          color="red"
          disabled={isStopping}
          leftSection={<IconPlayerStop size={15} stroke={1.7} aria-hidden />}
          onClick={() => {
            setIsAsking(true);
          }}
        >
          {isStopping ? 'Stopping' : 'Cancel sync'}
        </Button>
      )}
      <Reports session={session} />
      <StopDialog
        session={session}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
      />
    </section>
  );
}

function Figures({ session, noun }: { session: Session; noun: string }) {
  const { progress_percentage: percent, records_total: total, rate, seconds_left: left } = session;
  const processed = formatWhole(session.records_processed);
  return (
    <dl className={classes.figures}>
      {percent !== null && (
        <Figure label="done" value={formatShare(percent / 100, 1)} kind="percent" />
      )}
      <Figure
        label={total === null ? `${noun} so far` : `of ${formatWhole(total)} ${noun}`}
        value={processed}
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

/** Tells a screen reader every ten percent, and no more often. */
function Reports({ session }: { session: Session }) {
  const percent = session.progress_percentage;
  const told = percent === null ? null : Math.floor(percent / 10) * 10;
  return (
    <VisuallyHidden role="status">
      {told === null || told === 0
        ? ''
        : `${kindOf(session.sync_type)} of ${session.module}: ${formatShare(told / 100, 0)} done`}
    </VisuallyHidden>
  );
}
