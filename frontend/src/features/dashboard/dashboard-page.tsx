/** Dashboard: what the pipeline is worth, how it moved, whether one can believe it, what arrives. */
import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Page } from '@/components/page/page';
import { Columns, Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { isOld } from '@/lib/mirror-age';
import { useNow } from '@/lib/now';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { dashboardQuery } from './api/queries';
import { BarsSkeleton } from './components/bars-skeleton';
import { ByCountry } from './components/by-country';
import { ByStage } from './components/by-stage';
import { LiveCrm } from './components/live-crm';
import { MorningLine } from './components/morning-line';
import { EmptyNumbers, Numbers } from './components/numbers';
import { RecentChanges } from './components/recent-changes';
import { Welcome } from './components/welcome';
import classes from './dashboard-page.module.css';
import { headingOf } from './lib/words';

const STAGES = 8;
const COUNTRIES = 6;
const ROW = 31;

export default function DashboardPage() {
  const now = useNow('minute');
  const { data: current } = useQuery(currentStatusQuery);
  const query = useQuery(dashboardQuery);
  // On a phone, work comes before charts: the order of reading is the order on the page.
  const isNarrow = useMediaQuery('(max-width: 63.99em)', false, { getInitialValueInEffect: false });

  // Nothing was ever loaded: there is nothing to be said of a pipeline.
  if (current?.last_sync_at === null) return <Welcome current={current} />;

  const { data: dashboard } = query;
  const stage = dashboard ? (
    <ByStage dashboard={dashboard} />
  ) : (
    <Section title="Pipeline by stage">
      <QueryPanel
        query={query}
        failed="The pipeline could not be computed"
        minHeight={STAGES * ROW}
        skeleton={<BarsSkeleton rows={STAGES} />}
      >
        {() => null}
      </QueryPanel>
    </Section>
  );
  const country = dashboard ? (
    <ByCountry dashboard={dashboard} />
  ) : (
    <Section title="Pipeline by country">
      {query.isError ? (
        <NothingHere>Not known either; it comes with the pipeline.</NothingHere>
      ) : (
        <BarsSkeleton rows={COUNTRIES} />
      )}
    </Section>
  );
  const live = <LiveCrm />;
  const recent = <RecentChanges stoppedAt={current && isOld(current) ? current.data_at : null} />;
  return (
    <Page
      title={headingOf(now)}
      lede={
        dashboard && current ? (
          <MorningLine dashboard={dashboard} current={current} now={now} />
        ) : (
          !query.isError && (
            <Skeleton component="span" display="inline-block" h={14} w="min(520px, 90%)" />
          )
        )
      }
    >
      {dashboard && current ? (
        <Numbers dashboard={dashboard} current={current} now={now} />
      ) : (
        <EmptyNumbers isLoading={!query.isError} />
      )}
      {isNarrow ? (
        <div className={classes.columns}>
          <Columns>
            {live}
            {recent}
          </Columns>
          <Columns>
            {stage}
            {country}
          </Columns>
        </div>
      ) : (
        <div className={classes.columns}>
          <Columns>
            {stage}
            {live}
          </Columns>
          <Columns>
            {country}
            {recent}
          </Columns>
        </div>
      )}
    </Page>
  );
}
