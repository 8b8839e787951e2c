/** Runs as a table, on phones as a list; a row opens its run. */
import { useMediaQuery } from '@mantine/hooks';
import type { MouseEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { RowsTable } from '@/components/rows-table/rows-table';
import { StateBadge } from '@/components/status/state-badge';
import { RUN_STATES } from '@/components/status/vocabulary';
import {
  formatClockSeconds,
  formatDuration,
  formatStamp,
  formatWhen,
  formatWhole,
  NONE,
} from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Run } from '../api/queries';
import { KINDS, nameOfRun, triggerOf } from '../lib/words';
import classes from './table.module.css';

export const PHONE = '(max-width: 37.49em)';

type RunsProps = {
  runs: readonly Run[];
  label: string;
  /** Address that opens a run. */
  to: (run: Run) => string;
};

export function Runs(props: RunsProps) {
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  return isPhone ? <RunList {...props} /> : <RunTable {...props} />;
}

function RunTable({ runs, label, to }: RunsProps) {
  const navigate = useNavigate();
  return (
    <div className={classes.scroll}>
      <RowsTable className={classes.table} label={label}>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">Kind</th>
            <th scope="col">Trigger</th>
            <th scope="col">Result</th>
            {['Read', 'Changed', 'Calls', 'Credits', 'Took'].map((head) => (
              <th key={head} scope="col" data-number>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            // The link in the first cell is what keyboards and screen readers open a run with.
            <tr
              key={run.id}
              className={classes.row}
              onClick={(event: MouseEvent) => {
                if (!(event.target as Element).closest('a')) void navigate(to(run));
              }}
            >
              <td data-strong>
                <Link to={to(run)} data-row-link preventScrollReset>
                  <Started run={run} />
                </Link>
              </td>
              <td data-strong>
                {KINDS[run.sync_type]}
                {run.module !== 'Deals' && <span className={classes.small}> {run.module}</span>}
              </td>
              <td>{triggerOf(run)}</td>
              <td className={classes.cut} title={run.error_message ?? undefined}>
                <Result run={run} />
              </td>
              <td data-number>{formatWhole(run.records_processed)}</td>
              <td data-number>{formatWhole(run.records_changed)}</td>
              <td data-number>{formatWhole(run.api_calls_made)}</td>
              <td data-number>{formatWhole(run.credits_used)}</td>
              <td data-number>
                <Took run={run} />
              </td>
            </tr>
          ))}
        </tbody>
      </RowsTable>
    </div>
  );
}

function RunList({ runs, label, to }: RunsProps) {
  return (
    <ul className={classes.list} aria-label={label}>
      {runs.map((run) => (
        <li key={run.id}>
          <Link to={to(run)} className={classes.item} preventScrollReset>
            <span className={classes.name}>
              {nameOfRun(run.sync_type)}
              {run.module !== 'Deals' && ` of ${run.module}`}
            </span>
            <span className={classes.small}>
              <Started run={run} />
            </span>
            <span>
              <StateBadge state={RUN_STATES[run.status]} look="plain" />
            </span>
            <span className={classes.small}>
              {formatWhole(run.records_changed)} changed, <Took run={run} />
            </span>
            {run.error_message !== null && <span className={classes.why}>{run.error_message}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Started({ run }: { run: Run }) {
  const now = useNow('minute');
  const said = run.started_at ?? run.created_at;
  const at = new Date(said);
  const isToday = at.toDateString() === now.toDateString();
  return (
    <time dateTime={said} title={formatStamp(at)}>
      {isToday ? formatClockSeconds(at) : formatWhen(at, now)}
    </time>
  );
}

export function Took({ run }: { run: Run }) {
  if (run.duration_s !== null) return formatDuration(run.duration_s);
  return run.started_at === null ? NONE : <Running since={run.started_at} />;
}

function Running({ since }: { since: string }) {
  const now = useNow();
  return formatDuration(Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 1_000)));
}

function Result({ run }: { run: Run }) {
  if (run.status !== 'failed' || run.error_message === null)
    return <StateBadge state={RUN_STATES[run.status]} look="plain" />;
  return (
    <span className={classes.error}>
      <StateBadge state={{ ...RUN_STATES.failed, word: 'Failed:' }} look="plain" />
      <span>{run.error_message}</span>
    </span>
  );
}
