/** Overview: the runs of the range, what is not in sync, statuses with their share, the last runs. */
import { Skeleton } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Columns, Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { PulseStrip } from '@/components/pulse-strip/pulse-strip';
import { heightOf, summaryOf } from '@/components/pulse-strip/words';
import { Moment } from '@/components/time/moment';
import { counted, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import { pulseQuery } from '@/lib/queries/pulse';
import { type Health, outOfSyncQuery } from '../api/queries';
import { LENGTH_MS, type Search } from '../lib/search';
import { RANGE_WORDS } from '../lib/words';
import { AllInSync, NotInSync } from './not-in-sync';
import { RecordsByStatus } from './records-by-status';
import { Runs } from './runs';
import classes from './overview.module.css';

const SHOWN_RECORDS = 5;
const SHOWN_RUNS = 8;

type Props = {
  /** Undefined until it is there, and if it failed: what does not need it is shown all the same. */
  health: Health | undefined;
  isWaiting: boolean;
  search: Search;
};

export function Overview({ health, isWaiting, search }: Props) {
  return (
    <>
      <div className={classes.first}>
        <Columns>
          <RunsOfRange search={search} />
          <ApartRecords total={health?.record_status.total_count} search={search} />
        </Columns>
      </div>
      {health ? (
        <>
          <Statuses health={health} search={search} />
          <LastRuns health={health} search={search} />
        </>
      ) : (
        isWaiting && <TablesWaiting />
      )}
    </>
  );
}

function Statuses({ health, search }: { health: Health; search: Search }) {
  const records = health.record_status;
  return (
    <div className={classes.ruled}>
      <Section
        title="Records by status"
        hint={
          <>
            {counted(records.total_count, 'deal')}, counted <Moment at={health.until} />
          </>
        }
      >
        <RecordsByStatus records={records} search={search} />
      </Section>
    </div>
  );
}

function LastRuns({ health, search }: { health: Health; search: Search }) {
  const total = health.sync_statistics.total_sessions;
  return (
    <div className={classes.ruled}>
      <Section
        title="Last runs"
        action={
          total > SHOWN_RUNS && (
            <Link to={search.to({ tab: 'history', page: null })}>
              All {formatWhole(total)} <IconArrowRight size={12} stroke={1.7} aria-hidden />
            </Link>
          )
        }
      >
        {total === 0 ? (
          <NothingHere>
            No sync has run in {RANGE_WORDS[search.range]}.{' '}
            <Link to="/live-sync">Live Sync Control</Link>
          </NothingHere>
        ) : (
          <Runs
            runs={health.recent_sessions.slice(0, SHOWN_RUNS)}
            label="Last runs"
            to={(run) => search.to({ run: run.id })}
          />
        )}
      </Section>
    </div>
  );
}

function TablesWaiting() {
  return ['Records by status', 'Last runs'].map((title) => (
    <div key={title} className={classes.ruled}>
      <Section title={title}>
        {['1', '2', '3', '4', '5', '6'].map((row) => (
          <Skeleton key={row} height={16} my={16} />
        ))}
      </Section>
    </div>
  ));
}

function RunsOfRange({ search }: { search: Search }) {
  const query = useQuery(pulseQuery(LENGTH_MS[search.range] / 3_600_000));
  const now = useNow('minute');
  return (
    <Section
      title="Sync runs"
      hint={query.data && query.data.total_runs > 0 ? heightOf(query.data) : undefined}
      action={
        <Link to={search.to({ tab: 'history', page: null })}>
          Sync History <IconArrowRight size={12} stroke={1.7} aria-hidden />
        </Link>
      }
    >
      <QueryPanel
        query={query}
        failed="The runs could not be read"
        minHeight={140}
        skeleton={<Skeleton height={100} mt={16} />}
      >
        {(pulse) =>
          pulse.total_runs === 0 ? (
            <NothingHere>{summaryOf(pulse, now)}</NothingHere>
          ) : (
            <div className={classes.pulse}>
              <PulseStrip pulse={pulse} size="chart" />
            </div>
          )
        }
      </QueryPanel>
    </Section>
  );
}

function ApartRecords({ total, search }: { total: number | undefined; search: Search }) {
  const query = useQuery(outOfSyncQuery([], SHOWN_RECORDS));
  const count = query.data?.count;
  return (
    <Section
      title="Not in sync"
      hint={count ? `${counted(count, 'record')}, oldest first` : undefined}
      action={
        count !== undefined &&
        count > SHOWN_RECORDS && (
          <Link to={search.to({ records: 'all' })} preventScrollReset>
            All {formatWhole(count)}
          </Link>
        )
      }
    >
      <QueryPanel
        query={query}
        failed="The records could not be read"
        minHeight={140}
        skeleton={['1', '2', '3', '4', '5'].map((row) => (
          <Skeleton key={row} height={16} my={8} />
        ))}
      >
        {(page) =>
          page.count > 0 ? (
            <NotInSync records={page.items} />
          ) : total === 0 ? (
            <NothingHere>No record is mirrored yet.</NothingHere>
          ) : (
            <AllInSync>
              {total === undefined
                ? 'All records are in sync.'
                : `All ${counted(total, 'record')} are in sync.`}
            </AllInSync>
          )
        }
      </QueryPanel>
    </Section>
  );
}
