/** The run that is on: how far, how fast, how long still; and the way to stop it. */
import { useState } from 'react';
import { RunProgress } from '@/components/run-progress/run-progress';
import { formatClockSeconds } from '@/lib/format';
import type { Session, SliceState } from '../api/queries';
import { askedBy, kindOf, stepWords } from '../lib/words';
import { StopDialog } from './stop-dialog';

type ActiveRunProps = {
  session: Session;
  slices: readonly SliceState[];
  mayStop: boolean;
};

export function ActiveRun({ session, slices, mayStop }: ActiveRunProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <RunProgress
      name="Active sync progress"
      title={`${kindOf(session.sync_type)} of ${session.module}`}
      hint={
        session.started_at === null
          ? `asked for ${askedBy(session.requested_by)}, waits for a worker`
          : `started ${formatClockSeconds(new Date(session.started_at))} ${askedBy(session.requested_by)}`
      }
      percentage={session.progress_percentage}
      processed={session.records_processed}
      total={session.records_total}
      noun={session.module.toLowerCase()}
      rate={session.rate}
      secondsLeft={session.seconds_left}
      slices={slices}
      wordsOfSlice={stepWords}
      stop={
        mayStop
          ? {
              word: 'Cancel sync',
              isStopping: session.cancel_requested_at !== null,
              onStop: () => {
                setIsAsking(true);
              },
            }
          : null
      }
    >
      <StopDialog
        session={session}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
      />
    </RunProgress>
  );
}
