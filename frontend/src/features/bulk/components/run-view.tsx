/** Step 4: the operation as it goes on, and what it came to. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { ApiProblem } from '@/lib/api';
import { counted } from '@/lib/format';
import { useNow } from '@/lib/now';
import { type BulkSession, itemsQuery, statusQuery } from '../api/bulk';
import { becoming, chosenBy } from '../lib/words';
import { Results } from './results';
import { RunState } from './run-state';
import { Step } from './step';

type RunViewProps = { id: string; onUndoStarted: (id: string) => void };

export function RunView({ id, onUndoStarted }: RunViewProps) {
  const query = useQuery(statusQuery(id));
  if (query.error instanceof ApiProblem && [404, 422].includes(query.error.status)) {
    return (
      <NothingHere>
        There is no bulk operation at this address. <Link to="/bulk">Start one</Link>
      </NothingHere>
    );
  }
  return (
    <QueryPanel
      query={query}
      failed="The operation could not be read"
      minHeight={400}
      skeleton={<Skeleton height={300} />}
    >
      {({ session, zoho_job_status: job }) => (
        <>
          <Step number={1} title="Choose" state="done" summary={<Chosen session={session} />} />
          <Step number={2} title="Change" state="done" summary={<Changed session={session} />} />
          <Step number={3} title="Preview" state="done" summary={costOf(session)} />
          <Step number={4} title="Run" state="open">
            <RunState session={session} job={job} onUndoStarted={onUndoStarted} />
            <Results session={session} />
          </Step>
        </>
      )}
    </QueryPanel>
  );
}

function Chosen({ session }: { session: BulkSession }) {
  const { words, search } = chosenBy(session.choice);
  return (
    <>
      <strong>{counted(session.records_total ?? 0, 'deal')}</strong>{' '}
      {search === null ? words : <Link to={`/deals?${search}`}>{words}</Link>}
    </>
  );
}

/** The values are named as the first deal shows them; each deal of an undo has its own. */
function Changed({ session }: { session: BulkSession }) {
  const now = useNow('minute');
  const items = useQuery(itemsQuery(session.id, null, 0));
  if (session.undo_of !== null) {
    return (
      <>
        Puts back what <Link to={`/bulk?run=${session.undo_of}`}>the operation before</Link> has
        replaced.
      </>
    );
  }
  if (session.fields === null) return 'Each deal gets values of its own.';
  const changes = items.data?.items[0]?.changes ?? [];
  return becoming(changes, now);
}

function costOf({ plan }: BulkSession): string {
  return plan === null ? '' : `${plan.title}, about ${counted(plan.credits, 'credit')}.`;
}
