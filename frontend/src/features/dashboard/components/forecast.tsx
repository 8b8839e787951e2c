/** Revenue and forecast by month: realised solid green, weighted hatched purple on top of it. */
import type { UseQueryResult } from '@tanstack/react-query';
import { unitOf, unitWords } from '@/components/charts/scale';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import type { Revenue } from '../api/queries';
import { barsOf } from '../lib/months';
import { ForecastChart, ForecastLegend } from './forecast-chart';
import { FORECAST_HEIGHT, ForecastSkeleton } from './forecast-skeleton';
import type { OpenedRevenue } from './revenue-drawer';

type ForecastProps = {
  query: UseQueryResult<Revenue>;
  onOpen: (opened: OpenedRevenue) => void;
};

export default function Forecast({ query, onOpen }: ForecastProps) {
  return (
    <Section
      title="Revenue and forecast"
      {...(query.data && { hint: hintOf(query.data) })}
      action={<ForecastLegend />}
    >
      <QueryPanel
        query={query}
        failed="Revenue and forecast could not be computed"
        minHeight={FORECAST_HEIGHT}
        skeleton={<ForecastSkeleton />}
      >
        {(revenue) =>
          barsOf(revenue).every(({ parts }) => parts.length === 0) ? (
            <NothingHere>
              No revenue was recognised in these months, and no open deal closes in them.
            </NothingHere>
          ) : (
            <ForecastChart revenue={revenue} onOpen={onOpen} />
          )
        }
      </QueryPanel>
    </Section>
  );
}

/** `S$ million, all open deals`: the pipeline's own limits do not hold here. */
const hintOf = (revenue: Revenue): string =>
  `${unitWords(unitOf(barsOf(revenue).map(({ total }) => total)), revenue.basis.base_currency)}, all deals`;
