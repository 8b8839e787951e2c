/** O2R Dashboard: the line from contact to cash, money that waits, health, and who needs help. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { MomentChip } from '@/components/as-of/moment-chip';
import { momentOf } from '@/components/as-of/moments';
import { PastNote } from '@/components/as-of/past-note';
import { ExportMenu } from '@/components/export-menu/export-menu';
import { Page } from '@/components/page/page';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { TerritoryChip } from '@/components/territory-chip/territory-chip';
import { useNow } from '@/lib/now';
import { quarterOf } from '@/lib/quarters';
import { currentStatusQuery } from '@/lib/queries/sync-state';
import { o2rDashboardQuery, o2rPaceQuery, o2rRiskQuery } from './api/queries';
import { BasisLine } from './components/basis-line';
import { Line } from './components/line';
import { NeedsAttention } from './components/needs-attention';
import { EmptyNumbers, Numbers } from './components/numbers';
import { PhaseFlow } from './components/phase-flow';
import { QuarterChip } from './components/quarter-chip';
import { TerritoryHealth } from './components/territory-health';
import { groundOf } from './lib/links';
import classes from './o2r-page.module.css';

const FLOW_HEIGHT = 164;
const ROWS = 7;

export default function O2rPage() {
  const [params, setParams] = useSearchParams();
  const territory = params.get('region');
  const asOf = params.get('as_of');
  const moment = momentOf(asOf);
  const query = useQuery(o2rDashboardQuery({ territory, quarter: params.get('quarter'), asOf }));
  const pace = useQuery(o2rPaceQuery({ territory, asOf }));
  const { data: risk } = useQuery(o2rRiskQuery({ territory, asOf }));
  const { data: current } = useQuery(currentStatusQuery);
  const now = useNow('minute');
  const { data: dashboard } = query;
  const choose = (name: string) => (value: string | null) => {
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (value === null) after.delete(name);
      else after.set(name, value);
      return after;
    });
  };
  const isEmpty = dashboard?.open.deals === 0 && dashboard.realised.deals === 0;
  return (
    <Page
      title="Opportunity to revenue"
      lede={
        dashboard ? (
          <Line dashboard={dashboard} territory={territory} />
        ) : (
          !query.isError && (
            <Skeleton component="span" display="inline-block" h={14} w="min(520px, 90%)" />
          )
        )
      }
      actions={
        <>
          <TerritoryChip territory={territory} onChoose={choose('region')} />
          {dashboard && (
            <QuarterChip
              quarter={dashboard.quarter.quarter}
              running={quarterOf(dashboard.basis.today)}
              onChoose={choose('quarter')}
            />
          )}
          <MomentChip
            label="As of"
            value={asOf}
            onChange={choose('as_of')}
            earliest={dashboard?.basis.history_began}
          />
          <ExportMenu kinds={['o2r_deck']} query={params.toString()} />
        </>
      }
    >
      {moment !== null && (
        <div className={classes.past}>
          <PastNote
            moment={moment}
            what="Figures"
            more="The lists behind them show opportunities as they are now."
            onBack={() => {
              choose('as_of')(null);
            }}
          />
        </div>
      )}
      <div className={classes.flow}>
        <Section
          title="Open opportunities by phase"
          hint={
            pace.isError
              ? 'height: value. How many move on could not be computed'
              : 'height: value. Between phases: share that moved on within 12 months'
          }
        >
          <QueryPanel
            query={query}
            failed="The way from opportunity to revenue could not be computed"
            minHeight={FLOW_HEIGHT}
            skeleton={<Skeleton height={FLOW_HEIGHT} />}
          >
            {(found) =>
              found.open.deals === 0 ? (
                <NothingHere>
                  {territory === null
                    ? 'No open opportunities.'
                    : 'No open opportunities in this territory.'}
                </NothingHere>
              ) : (
                <PhaseFlow
                  dashboard={found}
                  paces={pace.data?.phases ?? []}
                  territory={territory}
                />
              )
            }
          </QueryPanel>
        </Section>
      </div>
      {dashboard ? (
        <Numbers
          dashboard={dashboard}
          riskBefore={risk?.value_then ?? null}
          territory={territory}
          current={current}
          now={now}
        />
      ) : (
        <EmptyNumbers isLoading={!query.isError} />
      )}
      {!isEmpty && (
        <div className={classes.columns}>
          {dashboard ? (
            <>
              <TerritoryHealth
                territories={dashboard.territories}
                asOf={groundOf(dashboard, territory).asOf}
              />
              <NeedsAttention dashboard={dashboard} territory={territory} />
            </>
          ) : (
            <Waiting isLoading={!query.isError} />
          )}
        </div>
      )}
      {dashboard && <BasisLine basis={dashboard.basis} territory={territory} now={now} />}
    </Page>
  );
}

/** Both lists before they are known, at their final size, or while they cannot be. */
function Waiting({ isLoading }: { isLoading: boolean }) {
  const rows = isLoading ? (
    <div aria-hidden>
      {Array.from({ length: ROWS }, (_, place) => (
        <div key={place} className={classes.waiting}>
          <Skeleton height={12} width={place % 2 === 0 ? '78%' : '64%'} />
        </div>
      ))}
    </div>
  ) : (
    <NothingHere>Not known either; it comes with the phases.</NothingHere>
  );
  return (
    <>
      <Section title="Health by territory">{rows}</Section>
      <Section title="Needs attention">{rows}</Section>
    </>
  );
}
