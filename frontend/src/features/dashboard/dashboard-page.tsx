/** Dashboard: what moved and who is needed, then why, then the work, then the pipeline's shape. */
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { MovementSkeleton } from '@/components/movement/movement-skeleton';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { Columns, Section } from '@/components/page/section';
import { ApiProblem, wordsOf } from '@/lib/api';
import { asOf, isOld } from '@/lib/mirror-age';
import { useNow } from '@/lib/now';
import { movementQuery } from '@/lib/queries/movement';
import { numbersQuery, trendQuery } from '@/lib/queries/pipeline';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { attentionQuery, revenueQuery, riskQuery } from './api/queries';
import { Attention } from './components/attention';
import { Chips } from './components/chips';
import { ForecastSkeleton } from './components/forecast-skeleton';
import { LiveCrm } from './components/live-crm';
import { MorningLine } from './components/morning-line';
import { NotIncluded } from './components/not-included';
import { Numbers } from './components/numbers';
import { RecentChanges } from './components/recent-changes';
import type { OpenedRevenue } from './components/revenue-drawer';
import { ByCountry, ByStage } from './components/shares';
import { Welcome } from './components/welcome';
import classes from './dashboard-page.module.css';
import { askedBy, whole } from './lib/asked';
import { inAnalysis } from './lib/links';
import { headingOf, isUsual, openedQuarter } from './lib/words';

// Charts come after the words and the numbers.
const MovementPanel = lazy(async () => ({
  default: (await import('@/components/movement/movement-panel')).MovementPanel,
}));
const Forecast = lazy(() => import('./components/forecast'));
const RevenueDrawer = lazy(() => import('./components/revenue-drawer'));

export default function DashboardPage() {
  const { data: current } = useQuery(currentStatusQuery);
  // Nothing was ever loaded: there is nothing to be said of a pipeline.
  if (current?.last_sync_at === null) return <Welcome current={current} />;
  return <Morning />;
}

/** Whether the question itself is refused: then every panel would say the same. */
const isRefused = (error: Error | null): error is ApiProblem =>
  error instanceof ApiProblem && (error.status === 400 || error.status === 422);

function Morning() {
  const [written, setWritten] = useSearchParams();
  const params = whole(written);
  const address = params.toString();
  useEffect(() => {
    if (address !== written.toString()) setWritten(address, { replace: true });
  }, [address, written, setWritten]);
  const asked = askedBy(params);
  const now = useNow('minute');
  const { data: current } = useQuery(currentStatusQuery);
  const numbers = useQuery(numbersQuery(asked.pipeline));
  const hasPast = numbers.data !== undefined && numbers.data.comparison.compared_with !== null;
  const trend = useQuery({ ...trendQuery(asked.pipeline), enabled: hasPast });
  const moved = { filters: asked.filters, asOf: null, comparedWith: asked.comparedWith };
  const movement = useQuery(movementQuery(moved));
  const attention = useQuery(attentionQuery(asked.anyPhase));
  const revenue = useQuery(revenueQuery(asked.anyPhase));
  const compared = asked.comparedWith === null ? {} : { compared_with: asked.comparedWith };
  const risk = useQuery(riskQuery({ ...asked.anyPhase, ...compared }));
  const [opened, open] = useState<OpenedRevenue | null>(null);
  const [isOpen, setOpen] = useState(false);
  const openRevenue = (which: OpenedRevenue): void => {
    open(which);
    setOpen(true);
  };
  // On a phone, work comes before charts: the order of reading is the order on the page.
  const isNarrow = useMediaQuery('(max-width: 63.99em)', false, { getInitialValueInEffect: false });

  const old = current !== undefined && isOld(current) ? current.data_at : null;
  const title =
    numbers.data === undefined || isUsual(numbers.data.comparison, asked.comparedWith)
      ? 'What moved this week'
      : 'What moved';
  const toAnalysis = <Link to={inAnalysis(params)}>Open in Analysis →</Link>;
  const movedPanel = (
    <Suspense
      fallback={
        <Section title={title} action={toAnalysis}>
          <MovementSkeleton />
        </Section>
      }
    >
      <MovementPanel title={title} action={toAnalysis} {...moved} />
    </Suspense>
  );
  const needs = (
    <Attention
      query={attention}
      params={asked.anyPhaseParams}
      asOf={old === null ? null : asOf(old, now)}
      now={now}
    />
  );
  const live = <LiveCrm />;
  const recent = <RecentChanges stoppedAt={old} />;
  const forecast = (
    <Suspense
      fallback={
        <Section title="Revenue and forecast">
          <ForecastSkeleton />
        </Section>
      }
    >
      <Forecast query={revenue} onOpen={openRevenue} />
    </Suspense>
  );
  const shape = (
    <div className={classes.shape}>
      <ByStage asked={asked} />
      <ByCountry asked={asked} />
    </div>
  );
  const chips = (
    <Chips
      params={params}
      numbers={numbers.data}
      onChange={(after) => {
        setWritten(after, { replace: true });
      }}
    />
  );
  if (numbers.data === undefined && isRefused(numbers.error)) {
    return (
      <Page title={headingOf(now)} actions={chips}>
        <Note kind="warning" action={<Link to="/">Back to the usual pipeline</Link>}>
          {wordsOf(numbers.error)}
        </Note>
        <Columns layout="equal">
          {live}
          {recent}
        </Columns>
      </Page>
    );
  }
  return (
    <Page
      title={headingOf(now)}
      lede={<MorningLine {...{ asked, current, numbers, movement, attention, now }} />}
      actions={chips}
    >
      <Numbers
        {...{ asked, current, numbers, revenue, risk, now }}
        trend={trend.data}
        onRevenue={() => {
          if (revenue.data) openRevenue(openedQuarter(revenue.data));
        }}
      />
      <NotIncluded
        params={params}
        numbers={numbers.data}
        undescribed={attention.data?.undescribed_deals ?? 0}
      />
      <div className={classes.columns}>
        {isNarrow ? (
          <Columns>
            {needs}
            {movedPanel}
            {live}
            {recent}
            {shape}
            {forecast}
          </Columns>
        ) : (
          <>
            <Columns>
              {movedPanel}
              {live}
            </Columns>
            <Columns>
              {needs}
              {recent}
            </Columns>
            <Columns>
              {shape}
              {forecast}
            </Columns>
          </>
        )}
      </div>
      {opened !== null && revenue.data && (
        <Suspense fallback={null}>
          <RevenueDrawer
            question={asked.anyPhase}
            currency={revenue.data.basis.base_currency}
            opened={opened}
            isOpen={isOpen}
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}
