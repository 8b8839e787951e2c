/** The largest thing on the page while a run is on: how far it is; else how the last one ended. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Columns } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { sessionQuery } from '../api/queries';
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
      {({ session, slices }) => <ActiveRun session={session} slices={slices} mayStop={mayStop} />}
    </QueryPanel>
  );
}

/** Under it: how fast it is, and why it reads from where it reads. */
export function WhySection({ id }: { id: string }) {
  const { data } = useQuery(sessionQuery(id));
  if (data === undefined) return null;
  const { session, rate_over_time: history } = data;
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
