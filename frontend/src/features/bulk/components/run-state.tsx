/** How far an operation is; when it has ended, what it came to and the way back. */
import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconPlayerStop,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Note } from '@/components/note/note';
import { RunProgress } from '@/components/run-progress/run-progress';
import classes from '@/components/run-progress/run.module.css';
import { Moment } from '@/components/time/moment';
import type { Schema } from '@/lib/api';
import { counted, formatClockSeconds, formatDuration } from '@/lib/format';
import { formOfManyQuery } from '@/lib/queries/deal-form';
import { useMay } from '@/lib/queries/session';
import type { BulkSession } from '../api/bulk';
import { kindOf, outcome } from '../lib/words';
import { CancelDialog } from './cancel-dialog';
import { UndoDialog } from './undo-dialog';

type RunStateProps = {
  session: BulkSession;
  /** The CRM's own job, where there is one. */
  job: Schema['ZohoJob'] | null;
  onUndoStarted: (id: string) => void;
};

export function RunState({ session, job, onUndoStarted }: RunStateProps) {
  const isOpen = session.status === 'pending' || session.status === 'in_progress';
  return isOpen ? (
    <Active session={session} job={job} />
  ) : (
    <Ended session={session} onUndoStarted={onUndoStarted} />
  );
}

function Active({ session, job }: Pick<RunStateProps, 'session' | 'job'>) {
  const [isAsking, setIsAsking] = useState(false);
  const mayStop = useMay('editor');
  const { started_at: started, requested_by: by } = session;
  const begun =
    started === null
      ? `asked for by ${by}, waits for a worker`
      : `started ${formatClockSeconds(new Date(started))} by ${by}`;
  return (
    <RunProgress
      name="Active operation progress"
      title={`${kindOf(session)} of ${session.module}`}
      hint={job === null ? begun : `${begun}; the CRM’s own job: ${job.state.toLowerCase()}`}
      percentage={session.progress_percentage}
      processed={session.records_processed}
      total={session.records_total}
      noun="deals"
      rate={null}
      secondsLeft={session.seconds_left}
      stop={
        mayStop
          ? {
              word: 'Cancel operation',
              isStopping: !session.can_cancel,
              onStop: () => {
                setIsAsking(true);
              },
            }
          : null
      }
    >
      <CancelDialog
        session={session}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
      />
    </RunProgress>
  );
}

type End = { icon: Icon; word: string; hue?: 'red' };

const ENDS: Partial<Record<BulkSession['status'], End>> = {
  completed: { icon: IconCheck, word: 'completed' },
  failed: { icon: IconAlertTriangle, word: 'failed', hue: 'red' },
  cancelled: { icon: IconPlayerStop, word: 'stopped' },
};

function Ended({ session, onUndoStarted }: Omit<RunStateProps, 'job'>) {
  const { icon: EndIcon, word, hue } = ENDS[session.status] ?? { icon: IconCheck, word: 'ended' };
  return (
    <section className={classes.run} aria-label="Outcome">
      <div className={classes.head}>
        <EndIcon className={classes.icon} data-hue={hue} size={18} stroke={1.7} aria-hidden />
        <h2 className={classes.title}>
          {kindOf(session)} of {session.module} {word}
        </h2>
        <span className={classes.hint}>
          {session.completed_at !== null && <Moment at={session.completed_at} />}, by{' '}
          {session.requested_by}
        </span>
      </div>
      <Undo session={session} onUndoStarted={onUndoStarted} />
      <p className={`${classes.words ?? ''} ${classes.wide ?? ''}`} data-hue={hue}>
        <strong>{outcome(session)}</strong> {spent(session)}{' '}
        <Link to={`/sync-status?tab=history&run=${session.id}`}>Log and calls</Link>
      </p>
      {session.error_message !== null && (
        <div className={classes.wide}>
          <Note kind="failing">{session.error_message}</Note>
        </div>
      )}
      {session.undone_by !== null && (
        <div className={classes.wide}>
          <Note kind="info">
            It was undone. <Link to={`/bulk?run=${session.undone_by}`}>See the undo</Link>
          </Note>
        </div>
      )}
    </section>
  );
}

function spent(session: BulkSession): string {
  const { started_at: from, completed_at: to } = session;
  const took =
    from === null || to === null
      ? ''
      : ` in ${formatDuration((Date.parse(to) - Date.parse(from)) / 1_000)}`;
  return `It took ${counted(session.credits_used, 'credit')} and ${counted(session.api_calls_made, 'call')}${took}.`;
}

function Undo({ session, onUndoStarted }: Omit<RunStateProps, 'job'>) {
  const [isAsking, setIsAsking] = useState(false);
  const form = useQuery(formOfManyQuery);
  const mayUndo = useMay('editor') && session.can_undo;
  if (!mayUndo) return null;
  return (
    <>
      <Button
        className={classes.stop ?? ''}
        leftSection={<IconArrowBackUp size={15} stroke={1.7} aria-hidden />}
        onClick={() => {
          setIsAsking(true);
        }}
      >
        Undo
      </Button>
      <UndoDialog
        id={session.id}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
        onStarted={onUndoStarted}
        labelOf={(field) =>
          form.data?.fields.find(({ api_name }) => api_name === field)?.label ?? field
        }
      />
    </>
  );
}
