/** Notes on top of every page: a part is away, the sync fails, the data is old, credits are spent. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Note } from '@/components/note/note';
import { formatDuration, formatShare, formatWhen, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import { readinessQuery } from '@/lib/queries/readiness';
import { useMay } from '@/lib/queries/session';
import { type CurrentStatus, currentStatusQuery, useStartSync } from '@/lib/queries/sync-state';
import { tellError } from '@/lib/toast';
import { useLiveState } from '../live';
import classes from './state-notes.module.css';

export function StateNotes() {
  const { retryAt } = useLiveState();
  const { data, dataUpdatedAt } = useQuery(currentStatusQuery);
  const missing = useMissingParts();
  const now = useNow();
  const waited = Math.max(0, (now.getTime() - dataUpdatedAt) / 1_000);
  const notes = [
    retryAt !== null && <Away key="away" seconds={(retryAt - now.getTime()) / 1_000} />,
    ...(retryAt === null ? missing : []),
    data?.trouble && (
      <Failing key="failing" current={data} trouble={data.trouble} waited={waited} />
    ),
    data?.condition === 'stale' && <Stale key="stale" current={data} waited={waited} />,
    data?.next_sync_hold === 'budget_spent' && <CreditsSpent key="credits" current={data} />,
  ].filter(Boolean);
  return notes.length === 0 ? null : <div className={classes.notes}>{notes}</div>;
}

function Away({ seconds }: { seconds: number }) {
  return (
    <Note kind="warning">
      No connection to Pipeline Pulse. Trying again in {Math.max(0, Math.ceil(seconds))} s. You can
      read on; saving is off.
    </Note>
  );
}

/** Database, broker or worker are away: what was loaded stays, and each query tries again. */
function useMissingParts() {
  const { data } = useQuery(readinessQuery);
  const mayMend = useMay('admin');
  if (data === undefined) return [];
  // Workers are only heard of through the broker.
  return [data.database, data.broker, ...(data.broker.ok ? [data.worker] : [])]
    .filter(({ ok }) => !ok)
    .map(({ message, fix }) => (
      <Note key={message} kind="warning">
        <strong>{message}</strong> {mayMend ? fix : 'An admin can mend this.'}
      </Note>
    ));
}

type Trouble = NonNullable<CurrentStatus['trouble']>;
type Known = { current: CurrentStatus; waited: number };

const NEEDS_ADMIN = new Set(['sign_in_refused', 'scope_missing', 'required_field_missing']);

function Failing({ current, trouble, waited }: Known & { trouble: Trouble }) {
  const now = useNow('minute');
  const isAdmin = useMay('admin');
  const since = formatWhen(new Date(trouble.since), now);
  const needsAdmin = NEEDS_ADMIN.has(trouble.code);
  return (
    <Note
      kind="failing"
      {...(needsAdmin && isAdmin && { action: <Link to="/crm-sync">{wayOut(trouble)}</Link> })}
    >
      <strong>
        {trouble.code === 'sign_in_refused'
          ? `Zoho has refused our sign-in since ${since}.`
          : `Syncs have failed since ${since}.`}
      </strong>{' '}
      {trouble.detail} {!needsAdmin && trouble.fix} {dataWords(current, waited, now)}{' '}
      {needsAdmin && !isAdmin && 'An admin has to mend this in CRM Integration.'}
    </Note>
  );
}

const wayOut = (trouble: Trouble): string =>
  trouble.code === 'required_field_missing' ? 'Open the field map' : 'Reconnect';

function dataWords(current: CurrentStatus, waited: number, now: Date): string {
  if (current.data_at === null || current.data_age === null) return 'Nothing is mirrored yet.';
  const at = formatWhen(new Date(current.data_at), now);
  const old = formatDuration(current.data_age + waited);
  const pending = current.pending_changes;
  const edits =
    pending === 0
      ? ''
      : ` ${formatWhole(pending)} ${pending === 1 ? 'edit waits' : 'edits wait'} here and ${pending === 1 ? 'is' : 'are'} safe.`;
  return `You are reading data of ${at}, ${old} old.${edits}`;
}

function Stale({ current, waited }: Known) {
  const mayStart = useMay('editor');
  const start = useStartSync();
  const old = formatDuration((current.data_age ?? 0) + waited);
  const late = formatDuration((current.late_by ?? 0) + waited);
  return (
    <Note
      kind="warning"
      {...(mayStart && {
        action: (
          <Button
            size="compact-xs"
            loading={start.isPending}
            onClick={() => {
              start.mutate('incremental', {
                onError: (error) => {
                  tellError(error, 'The quick sync did not start.');
                },
              });
            }}
          >
            Quick sync
          </Button>
        ),
      })}
    >
      Data is {old} old. The next sync is late by {late}.
    </Note>
  );
}

function CreditsSpent({ current }: { current: CurrentStatus }) {
  const now = useNow('minute');
  const { used, limit, scheduled_from: from } = current.credits;
  const share = limit === null || limit === 0 ? null : Math.min(used / limit, 1);
  return (
    <Note kind="warning">
      {share === null ? 'The credits' : `${formatShare(share, 0)} of the credits`} are used.
      Scheduled syncs pause{' '}
      {from === null
        ? 'until earlier calls drop out of the 24 hours.'
        : `until about ${formatWhen(new Date(from), now)}, when earlier calls drop out of the 24 hours.`}{' '}
      Your own clicks still work.
    </Note>
  );
}
