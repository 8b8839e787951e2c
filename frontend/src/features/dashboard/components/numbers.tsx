/** What the pipeline is worth, in five numbers; each opens its deals, and each fails by itself. */
import { UnstyledButton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ComponentProps, type ReactNode } from 'react';
import { Sparkline } from '@/components/charts/sparkline';
import { Delta } from '@/components/delta/delta';
import { DataAge } from '@/components/key-numbers/data-age';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { MissingRateMark } from '@/components/missing-rates/missing-rates';
import { counted, formatAmount, formatNumber, formatWhole, NONE, symbolOf } from '@/lib/format';
import { dealsAddress } from '@/lib/pipeline-address';
import type { Numbers as Found, Trend } from '@/lib/queries/pipeline';
import { pricedWords } from '@/lib/rates-words';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Revenue, RevenueAtRisk } from '../api/queries';
import type { Asked } from '../lib/asked';
import { dealsAtRisk } from '../lib/links';
import { usePhone } from '../lib/phone';
import { quarterWords, shortQuarter, sinceWords } from '../lib/words';
import { RiskFact } from './risk-fact';
import classes from './numbers.module.css';

type NumbersProps = {
  asked: Asked;
  current: CurrentStatus | undefined;
  numbers: UseQueryResult<Found>;
  trend: Trend | undefined;
  revenue: UseQueryResult<Revenue>;
  risk: UseQueryResult<RevenueAtRisk>;
  /** Opens the deals whose revenue was recognised in the quarter. */
  onRevenue: () => void;
  now: Date;
};

const LABEL = 'What the pipeline is worth';

export function Numbers(props: NumbersProps) {
  const { asked, current, numbers, trend, revenue, risk, onRevenue, now } = props;
  const isPhone = usePhone();
  const to = dealsAddress(asked.params);
  const since = (comparison: Found['comparison']): string | undefined =>
    comparison.is_cut ? sinceWords(comparison, asked.comparedWith, now) : undefined;
  return (
    <KeyNumbers label={LABEL}>
      <Cell
        label="Pipeline value"
        hue="blue"
        {...{ query: numbers, current, now }}
        of={({ basis, comparison, value }) => ({
          ...money(value.now, basis),
          to,
          fact: <Change of={value} since={since(comparison)} />,
          about: `What the deals of this pipeline are worth. ${pricedWords(basis, now)}`,
        })}
      />
      <Cell
        label={isPhone ? 'Weighted' : 'Weighted pipeline'}
        hue="purple"
        {...{ query: numbers, current, now }}
        of={({ basis, weighted }) => ({
          ...money(weighted.now, basis),
          to,
          fact: <Change of={weighted} />,
          about: `Value of each deal by its probability, added up. ${pricedWords(basis, now)}`,
        })}
      />
      <Cell
        label={revenueLabel(revenue.data, isPhone)}
        hue="green"
        {...{ query: revenue, current, now }}
        of={({ basis, quarter }) => ({
          ...money(quarter.value, basis),
          ...(quarter.deals > 0 && { onOpen: onRevenue }),
          fact: <Realised quarter={quarter} base={basis.base_currency} />,
          about: `Revenue recognised in ${quarterWords(quarter.quarter)}, up to today, whatever the pipeline: ${counted(quarter.deals, 'deal')}. ${pricedWords(basis, now)}`,
        })}
      />
      {!isPhone && (
        <Cell
          label="Qualified deals"
          {...{ query: numbers, current, now }}
          of={({ deals }) => ({
            value: formatWhole(deals.now ?? 0),
            to,
            ...(trend && { spark: <Spark trend={trend} /> }),
            fact: <Change of={deals} />,
            about: 'All deals of this pipeline, with a value or without.',
          })}
        />
      )}
      <Cell
        label={isPhone ? 'At risk' : 'Revenue at risk'}
        hue="red"
        {...{ query: risk, current, now }}
        of={(found) => ({
          ...money(found.value, found.basis),
          to: dealsAtRisk(asked.anyPhaseParams),
          fact: <RiskFact risk={found} />,
          about: `Open opportunities of any phase that are blocked or at risk, against the earlier moment by today’s thresholds. ${pricedWords(found.basis, now)}`,
        })}
      />
    </KeyNumbers>
  );
}

type Shown = Partial<ComponentProps<typeof KeyNumber>> & { value: ReactNode };

type CellProps<T> = {
  label: string;
  hue?: NonNullable<ComponentProps<typeof KeyNumber>['hue']>;
  query: UseQueryResult<T>;
  current: CurrentStatus | undefined;
  now: Date;
  of: (found: T) => Shown;
};

function Cell<T>({ label, hue, query, current, now, of }: CellProps<T>) {
  const painted = { label, ...(hue && { hue }) };
  if (query.data === undefined) {
    return (
      <KeyNumber
        {...painted}
        value={NONE}
        isLoading={query.isPending}
        fact={query.isError && <NotComputed onRetry={() => void query.refetch()} />}
      />
    );
  }
  const { fact, ...shown } = of(query.data);
  return (
    <KeyNumber
      {...painted}
      {...shown}
      fact={
        <DataAge current={current} now={now}>
          {fact}
        </DataAge>
      }
    />
  );
}

function NotComputed({ onRetry }: { onRetry: () => void }) {
  return (
    <span className={classes.failed}>
      Not computed.{' '}
      <UnstyledButton className={classes.retry ?? ''} onClick={onRetry}>
        Try now
      </UnstyledButton>
    </span>
  );
}

/** A value in the base currency, marked where some deals had no rate. */
function money(amount: number | null, basis: Found['basis']): Shown {
  if (amount === null) return { value: NONE };
  return {
    unit: symbolOf(basis.base_currency),
    value: formatAmount(amount, basis.base_currency),
    ...(basis.without_rate.length > 0 && { of: <MissingRateMark missing={basis.without_rate} /> }),
  };
}

function Change({ of, since }: { of: Found['value']; since?: string | undefined }) {
  if (of.absolute === null) return null;
  const difference = { absolute: of.absolute, relative: of.relative };
  return <Delta difference={difference} {...(since !== undefined && { since })} />;
}

const revenueLabel = (found: Revenue | undefined, isPhone: boolean): string => {
  const label = isPhone ? 'Revenue' : 'Revenue realised';
  return found === undefined ? label : `${label}, ${shortQuarter(found.quarter.quarter)}`;
};

function Realised({ quarter, base }: { quarter: Revenue['quarter']; base: string }) {
  if (Math.round(quarter.this_week) === 0) return <>{counted(quarter.deals, 'deal')}</>;
  return (
    <span>
      <span className={classes.good}>+{formatAmount(quarter.this_week, base)}</span> this week
    </span>
  );
}

function Spark({ trend }: { trend: Trend }) {
  const points = trend.points.map(({ deals }) => deals);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <Sparkline
      points={points}
      label={`Qualified deals, ${counted(points.length, 'point')}: from ${formatNumber(first)} to ${formatNumber(last)}`}
    />
  );
}
