/** The largest thing on the page while a run is on: its progress, rate and plan; else the last run. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Columns } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { type SessionDetail, sessionQuery } from '../api/queries';
import { planOf } from '../lib/plan';
import { ActiveRun } from './active-run';
import { LastRun } from './last-run';
import { PlanSection } from './plan-section';
import { RateSection } from './rate-section';
import classes from './run-section.module.css';

/** A run that is over sooner would only make the page jump. */
const WORTH_A_CHART = 6;

type RunSectionProps = { current: CurrentStatus; mayEdit: boolean };

export function RunSection({ current, mayEdit }: RunSectionProps) {
  if (current.running !== null) {
    return <Running id={current.running.session_id} mayStop={mayEdit} />;
  }
  return current.last_run === null ? null : (
    <LastRun run={current.last_run} current={current} mayEdit={mayEdit} />
  );
}

function Running({ id, mayStop }: { id: string; mayStop: boolean }) {
  const query = useQuery(sessionQuery(id));
  return (
    <QueryPanel
      query={query}
      failed="The progress could not be read"
      minHeight={132}
      skeleton={<Skeleton className={classes.waiting ?? ''} height={104} />}
    >
      {(detail) => (
        <>
          <ActiveRun session={detail.session} slices={detail.slices} mayStop={mayStop} />
          <Why detail={detail} />
        </>
      )}
    </QueryPanel>
  );
}

function Why({ detail }: { detail: SessionDetail }) {
  const { session, rate_over_time: history } = detail;
  const plan = planOf(session);
  const hasChart = history !== null && (plan !== null || history.samples.length >= WORTH_A_CHART);
  if (!hasChart && plan === null) return null;
  return (
    <Columns layout="equal">
      {hasChart && <RateSection session={session} history={history} />}
      {plan && <PlanSection plan={plan} session={session} />}
    </Columns>
  );
}
