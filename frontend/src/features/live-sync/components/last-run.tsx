/** The run before: what it did, or why it did not; in place of the active one. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '@/components/confirm/confirm';
import classes from '@/components/run-progress/run.module.css';
import { Moment } from '@/components/time/moment';
import { counted, formatDuration, formatWhole } from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { tellError } from '@/lib/toast';
import { useAcceptDeletions } from '../api/queries';
import { askedBy, kindOf, pullOf } from '../lib/words';

type Run = NonNullable<CurrentStatus['last_run']>;
type LastRunProps = { run: Run; current: CurrentStatus; mayEdit: boolean };

const ICONS = { completed: IconCheck, failed: IconAlertTriangle, cancelled: IconPlayerStop };
const ENDS = { completed: 'completed', failed: 'failed', cancelled: 'stopped' };

type Ended = keyof typeof ENDS;
const isEnded = (status: string): status is Ended => status in ENDS;

export function LastRun({ run, current, mayEdit }: LastRunProps) {
  const status: Ended = isEnded(run.status) ? run.status : 'completed';
  const Icon = ICONS[status];
  return (
    <section className={classes.run} aria-label="Last run">
      <div className={classes.head}>
        <Icon
          className={classes.icon}
          data-hue={status === 'failed' ? 'red' : undefined}
          size={18}
          stroke={1.7}
          aria-hidden
        />
        <h2 className={classes.title}>
          {kindOf(run.sync_type)} of Deals {ENDS[status]}
        </h2>
        <span className={classes.hint}>
          {run.completed_at !== null && <Moment at={run.completed_at} />},{' '}
          {askedBy(run.requested_by)}
        </span>
      </div>
      {status === 'failed' ? (
        <Failure current={current} run={run} mayEdit={mayEdit} />
      ) : (
        <Figures run={run} />
      )}
      {status === 'cancelled' && (
        <p className={`${classes.words ?? ''} ${classes.wide ?? ''}`}>
          What was loaded stays. The next{' '}
          {run.sync_type === 'full_sync' ? 'full sync goes' : 'sync goes'} on from there.
        </p>
      )}
    </section>
  );
}

function Figures({ run }: { run: Run }) {
  return (
    <dl className={classes.figures}>
      <Figure label="changed" value={formatWhole(run.records_changed)} />
      <Figure label="read" value={formatWhole(run.records_processed)} />
      {run.duration_s !== null && <Figure label="in all" value={formatDuration(run.duration_s)} />}
      <Figure
        label={`${run.credits_used === 1 ? 'credit' : 'credits'}, ${counted(run.api_calls_made, 'call')}`}
        value={formatWhole(run.credits_used)}
      />
    </dl>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className={classes.figure}>
      <dt className={classes.unit}>{label}</dt>
      <dd className={classes.value}>{value}</dd>
    </div>
  );
}

function Failure({
  current,
  run,
  mayEdit,
}: {
  current: CurrentStatus;
  run: Run;
  mayEdit: boolean;
}) {
  const { trouble } = current;
  return (
    <div className={classes.wide}>
      <p className={classes.words} data-hue="red">
        <strong>{trouble?.title ?? 'Sync failed'}.</strong>{' '}
        {trouble === null
          ? current.error_message
          : [trouble.detail, trouble.fix].filter(Boolean).join(' ')}
      </p>
      {mayEdit && trouble?.code === 'mass_deletion' && (
        <AcceptDeletions run={run} told={trouble.detail} />
      )}
    </div>
  );
}

function AcceptDeletions({ run, told }: { run: Run; told: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const accept = useAcceptDeletions();
  const close = (): void => {
    setIsOpen(false);
  };
  return (
    <div className={classes.ways}>
      <Button
        variant="outline"
        color="red"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        Accept deletions
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={close}
        title="Accept these deletions?"
        keep="Keep and look"
        confirm="Accept deletions"
        isRed
        isBusy={accept.isPending}
        onConfirm={() => {
          accept.mutate(pullOf(run.sync_type), {
            onSuccess: close,
            onError: (error) => {
              close();
              tellError(error, 'The sync did not start.');
            },
          });
        }}
      >
        {told} The {kindOf(run.sync_type).toLowerCase()} runs again and marks them as deleted here.
        Their history stays.
      </Confirm>
    </div>
  );
}
