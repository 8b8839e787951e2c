/** Performance: four figures over the range as small multiples, and credits against the real limit. */
import { Button, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { formatDuration } from '@/lib/format';
import { type Performance as PerformanceData, performanceQuery } from '../api/queries';
import type { Search } from '../lib/search';
import { conclusionOf, SERIES, told } from '../lib/series';
import { RANGE_WORDS } from '../lib/words';
import { CreditUse } from './credit-use';
import { PerformanceTable } from './performance-table';
import classes from './performance.module.css';
import { SmallChart } from './small-chart';

export function Performance({ search }: { search: Search }) {
  const query = useQuery(performanceQuery(search.range));
  const [isTable, table] = useDisclosure(false);
  return (
    <section aria-label="Performance" className={classes.performance}>
      <div className={classes.head}>
        <span className={classes.hint}>
          {query.data &&
            `${formatDuration(query.data.part_seconds)} a point, counted back from now`}
        </span>
        <Button
          variant="subtle"
          color="ink"
          leftSection={
            isTable ? (
              <IconChartLine size={15} stroke={1.7} aria-hidden />
            ) : (
              <IconTable size={15} stroke={1.7} aria-hidden />
            )
          }
          onClick={table.toggle}
        >
          {isTable ? 'Show as charts' : 'Show as table'}
        </Button>
      </div>
      <QueryPanel
        query={query}
        failed="The performance could not be computed"
        minHeight={520}
        skeleton={
          <div className={classes.multiples}>
            {SERIES.map(({ name }) => (
              <div key={name} className={classes.multiple}>
                <h2 className={classes.name}>{name}</h2>
                <Skeleton height={120} mt={36} />
              </div>
            ))}
          </div>
        }
      >
        {(performance) => (
          <>
            {performance.total.runs === 0 && performance.total.calls === 0 && (
              <NothingHere>No sync has run in {RANGE_WORDS[search.range]}.</NothingHere>
            )}
            {isTable ? (
              <PerformanceTable performance={performance} />
            ) : (
              <Multiples performance={performance} />
            )}
            <CreditUse performance={performance} />
          </>
        )}
      </QueryPanel>
    </section>
  );
}

function Multiples({ performance }: { performance: PerformanceData }) {
  return (
    <div className={classes.multiples}>
      {SERIES.map((series) => (
        <article key={series.name} className={classes.multiple} aria-label={series.name}>
          <h2 className={classes.name}>{series.name}</h2>
          <p className={classes.total}>{told(series, performance.total)}</p>
          <p className={classes.about}>{series.about}</p>
          <SmallChart
            points={performance.parts.map((part) => ({ part, value: series.valueOf(part) }))}
            as={series.isError ? 'bars' : 'line'}
            isError={series.isError ?? false}
            format={series.format}
            tick={series.tick}
            conclusion={conclusionOf(series, performance)}
          />
        </article>
      ))}
    </div>
  );
}
