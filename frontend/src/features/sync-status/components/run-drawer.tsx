/** One run in full, in a drawer; `?run=<id>` is its address. */
import { Drawer, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '@/components/facts/facts';
import { Note } from '@/components/note/note';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { StateBadge } from '@/components/status/state-badge';
import { RUN_STATES } from '@/components/status/vocabulary';
import { ApiProblem } from '@/lib/api';
import { counted, formatWhole } from '@/lib/format';
import { type RunInFull, runQuery } from '../api/queries';
import type { Search } from '../lib/search';
import { nameOfRun, triggerOf } from '../lib/words';
import { RunCalls } from './run-calls';
import classes from './run-drawer.module.css';
import { RunLog } from './run-log';
import { RunPlan } from './run-plan';
import { RunTimeline } from './run-timeline';
import { Started, Took } from './runs';

export function RunDrawer({ search }: { search: Search }) {
  const { run } = search;
  return (
    <Drawer
      opened={run !== null}
      onClose={() => {
        search.go({ run: null });
      }}
      title="Sync run"
      padding={20}
    >
      {run !== null && <Run key={run} id={run} />}
    </Drawer>
  );
}

function Run({ id }: { id: string }) {
  const query = useQuery(runQuery(id));
  if (query.error instanceof ApiProblem && [404, 422].includes(query.error.status))
    return (
      <NothingHere>There is no run at this address. It may be older than what is kept.</NothingHere>
    );
  return (
    <QueryPanel
      query={query}
      failed="The run could not be read"
      minHeight={400}
      skeleton={['1', '2', '3', '4', '5', '6', '7'].map((row) => (
        <Skeleton key={row} height={16} my={16} />
      ))}
    >
      {(run) => <RunDetail run={run} />}
    </QueryPanel>
  );
}

function RunDetail({ run }: { run: RunInFull }) {
  const { session, error } = run;
  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.title}>
          {nameOfRun(session.sync_type)} of {session.module}
        </h2>
        <StateBadge state={RUN_STATES[session.status]} />
      </div>
      <p className={classes.lede}>
        Started <Started run={session} />, took <Took run={session} />. Asked for by{' '}
        {session.trigger === 'schedule' ? 'the schedule' : triggerOf(session)}.
      </p>
      {error && (
        <Note kind="failing">
          <strong>{error.detail}</strong> {error.fix} <span>({error.code})</span>
        </Note>
      )}
      <div className={classes.sections}>
        <Section title="What it did">
          <Facts>
            <Fact label="Read">{amountOf(session)}</Fact>
            <Changes run={run} />
            <Fact label="Calls">{formatWhole(session.api_calls_made)}</Fact>
            <Fact label="Credits">{formatWhole(session.credits_used)}</Fact>
          </Facts>
        </Section>
        <RunTimeline run={run} />
        {run.plan && <RunPlan plan={run.plan} />}
        <RunCalls uses={run.credit_use} />
        <RunLog run={run} />
      </div>
    </>
  );
}

function amountOf({ records_processed: read, records_total: total }: RunInFull['session']): string {
  return total === null || total === read
    ? counted(read, 'record')
    : `${formatWhole(read)} of ${counted(total, 'record')}`;
}

const CHANGES = [
  ['created', 'New'],
  ['changed', 'Changed'],
  ['restored', 'Restored'],
  ['deleted', 'Deleted in the CRM'],
  ['hidden', 'No longer shown to us'],
] as const;

/** New, changed and deleted always stand there; the rare ones only if there were some. */
function Changes({ run: { changes, session } }: { run: RunInFull }) {
  if (changes === null)
    return <Fact label="Changed here">{formatWhole(session.records_changed)}</Fact>;
  return CHANGES.filter(
    ([name]) => changes[name] > 0 || !['restored', 'hidden'].includes(name),
  ).map(([name, label]) => (
    <Fact key={name} label={label}>
      {formatWhole(changes[name])}
    </Fact>
  ));
}
