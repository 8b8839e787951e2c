/** Operations that were: who changed what in how many deals, when, and what came of it. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { RowsTable } from '@/components/rows-table/rows-table';
import { StateBadge } from '@/components/status/state-badge';
import { RUN_STATES } from '@/components/status/vocabulary';
import { Moment } from '@/components/time/moment';
import { formatWhole } from '@/lib/format';
import { formOfManyQuery } from '@/lib/queries/deal-form';
import { type BulkSession, operationsQuery, PAGE_OPERATIONS } from '../api/bulk';
import { kindOf, namesOf } from '../lib/words';
import classes from './operations.module.css';

export function Operations({ shown }: { shown: string | null }) {
  const [page, setPage] = useState(1);
  const query = useQuery(operationsQuery(page));
  return (
    <Section title="Operations" hint="the newest first">
      <QueryPanel
        query={query}
        failed="The operations could not be read"
        minHeight={160}
        skeleton={<Skeleton height={140} />}
      >
        {({ items, count }) =>
          items.length === 0 ? (
            <NothingHere>Nobody has changed deals in bulk yet.</NothingHere>
          ) : (
            <>
              <Table sessions={items} shown={shown} />
              {count > PAGE_OPERATIONS && (
                <nav className={classes.pager} aria-label="Pages of the operations">
                  <Button
                    disabled={page === 1}
                    onClick={() => {
                      setPage(page - 1);
                    }}
                  >
                    Newer
                  </Button>
                  <Button
                    disabled={page * PAGE_OPERATIONS >= count}
                    onClick={() => {
                      setPage(page + 1);
                    }}
                  >
                    Older
                  </Button>
                </nav>
              )}
            </>
          )
        }
      </QueryPanel>
    </Section>
  );
}

type TableProps = { sessions: readonly BulkSession[]; shown: string | null };

function Table({ sessions, shown }: TableProps) {
  const form = useQuery(formOfManyQuery);
  const labelOf = (field: string): string =>
    form.data?.fields.find(({ api_name }) => api_name === field)?.label ?? field;
  const whatOf = ({ fields, undo_of: undone }: BulkSession): string => {
    if (undone !== null) return 'values before an operation';
    return fields === null ? 'values of their own' : namesOf(Object.keys(fields).map(labelOf));
  };
  return (
    <RowsTable className={classes.table} label="Operations">
      <thead>
        <tr>
          <th scope="col">Started</th>
          <th scope="col">Operation</th>
          <th scope="col">Who</th>
          <th scope="col">Result</th>
          {['Deals', 'Changed', 'Failed', 'Left alone', 'Credits'].map((head) => (
            <th key={head} scope="col" data-number>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id} aria-current={session.id === shown || undefined}>
            <td data-when>
              <Moment at={session.created_at} as="when" />
            </td>
            <td data-what>
              <Link to={`/bulk?run=${session.id}`}>{kindOf(session)}</Link>{' '}
              <span className={classes.fields}>{whatOf(session)}</span>
            </td>
            <td data-who>{session.requested_by}</td>
            <td data-result>
              <StateBadge state={RUN_STATES[session.status]} look="plain" />
              {session.undone_by !== null && <span className={classes.fields}>, undone</span>}
            </td>
            <Count label="deals" count={session.records_total ?? 0} />
            <Count label="changed" count={session.counts.done} />
            <Count label="failed" count={session.counts.failed} />
            <Count label="left alone" count={session.counts.left_alone} />
            <Count label="credits" count={session.credits_used} />
          </tr>
        ))}
      </tbody>
    </RowsTable>
  );
}

/** On a phone, where heads are not seen, the number says what it counts. */
function Count({ label, count }: { label: string; count: number }) {
  return (
    <td data-number data-none={count === 0 || undefined}>
      {formatWhole(count)}
      <span className={classes.label}> {label}</span>
    </td>
  );
}
