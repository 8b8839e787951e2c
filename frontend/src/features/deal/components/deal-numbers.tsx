/** The deal in five numbers: worth, expectation, time in stage, closing, last change. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Fresh } from '@/components/fresh/fresh';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { Moment } from '@/components/time/moment';
import {
  formatDay,
  formatDayFull,
  formatNumber,
  formatPercent,
  formatWhole,
  NONE,
  symbolOf,
} from '@/lib/format';
import { noRateWords } from '@/lib/missing-rates';
import { useNow } from '@/lib/now';
import { type Deal, stageTimesQuery } from '../api/deal';
import { personOf } from '../lib/person';
import { exactAmount, valueText } from '@/lib/value-text';
import { overdueWords } from './field-list';

export function DealNumbers({ deal }: { deal: Deal }) {
  return (
    <KeyNumbers label="Key numbers">
      <Amount deal={deal} />
      <Weighted deal={deal} />
      <DaysInStage deal={deal} />
      <ClosingDate deal={deal} />
      <LastChange deal={deal} />
    </KeyNumbers>
  );
}

/** What the CRM says of a field that both sides changed; null while they agree. */
function conflictWords(deal: Deal, canonicalName: string, now: Date): string | null {
  const field = deal.fields.find((each) => each.canonical_name === canonicalName);
  const change = field?.change;
  if (change?.state !== 'conflict') return null;
  return change.is_record_gone
    ? 'Conflict: deleted in the CRM'
    : `Conflict: CRM says ${valueText(change.crm, now)}`;
}

/** The fact under a number, unless both sides say different things of it. */
function factOf(conflict: string | null, fact: ReactNode): { fact: ReactNode; factHue?: 'amber' } {
  return conflict === null ? { fact } : { fact: conflict, factHue: 'amber' };
}

/** `INR 118,500,000 × 0.01524, CRM rate of 16 Aug`: how the amount became base currency. */
function rateWords({ value }: Deal, now: Date): string | null {
  if (value.rate === null || value.amount === null) return null;
  const rate = formatNumber(Number(Number(value.rate).toPrecision(5)));
  const source =
    value.rate_source === 'deal'
      ? 'rate fixed on the deal'
      : `CRM rate${value.rate_since === null ? '' : ` of ${formatDay(value.rate_since, now)}`}`;
  return `${value.currency ?? ''} ${exactAmount(value.amount, value.currency)} × ${rate}, ${source}`;
}

function Amount({ deal }: { deal: Deal }) {
  const now = useNow('minute');
  const { value } = deal;
  if (value.is_rate_missing) {
    return (
      <KeyNumber
        label="Amount"
        hue="blue"
        unit={value.currency ?? ''}
        value={exactAmount(value.amount ?? '0', value.currency)}
        fact={noRateWords(value.currency, value.base_currency)}
        factHue="amber"
      />
    );
  }
  const rate = rateWords(deal, now);
  return (
    <KeyNumber
      label="Amount"
      hue="blue"
      {...(value.base_amount !== null && { unit: symbolOf(value.base_currency) })}
      value={
        <Fresh of={value.base_amount ?? ''}>
          {value.base_amount === null ? 'Empty' : formatWhole(value.base_amount)}
        </Fresh>
      }
      {...factOf(
        conflictWords(deal, 'OCH_Revenue', now),
        rate ?? (value.base_amount === null ? 'never set' : value.base_currency),
      )}
      about={
        <>
          The deal&apos;s amount in {value.base_currency}
          {value.base_amount !== null && `: ${formatNumber(value.base_amount, 2)}`}.
        </>
      }
    />
  );
}

function Weighted({ deal }: { deal: Deal }) {
  const now = useNow('minute');
  const { value } = deal;
  return (
    <KeyNumber
      label="Weighted"
      hue="purple"
      {...(value.weighted !== null && { unit: symbolOf(value.base_currency) })}
      value={
        <Fresh of={value.weighted ?? ''}>
          {value.weighted === null ? NONE : formatWhole(value.weighted)}
        </Fresh>
      }
      {...factOf(
        conflictWords(deal, 'Probability', now),
        value.probability === null
          ? 'without a probability'
          : `at ${formatPercent(value.probability)}`,
      )}
      about="Amount × probability. What the deal is expected to bring on average."
    />
  );
}

function DaysInStage({ deal }: { deal: Deal }) {
  const now = useNow('minute');
  const { path } = deal;
  const { data: times } = useQuery({ ...stageTimesQuery, enabled: deal.outcome === 'open' });
  const median = times?.stages.find(({ stage }) => stage === path.current)?.median_days ?? null;
  return (
    <KeyNumber
      label="Days in stage"
      value={
        path.days_in_stage === null
          ? NONE
          : `${path.is_at_least ? '≥ ' : ''}${formatWhole(path.days_in_stage)}`
      }
      {...factOf(
        conflictWords(deal, 'Stage', now),
        path.entered_at === null ? null : path.is_at_least ? (
          <>
            history begins <Moment at={path.entered_at} as="when" />
          </>
        ) : median !== null && deal.outcome === 'open' ? (
          <span title="Of all deals that entered it in twelve months. Stays that go on count as unfinished.">
            median {formatWhole(median)} for {path.current_label}
          </span>
        ) : (
          <>
            {path.current_label}, since <Moment at={path.entered_at} as="when" />
          </>
        ),
      )}
    />
  );
}

function ClosingDate({ deal }: { deal: Deal }) {
  const now = useNow('minute');
  const overdue = overdueWords(deal);
  const outcome = {
    won: 'the deal is won',
    lost: 'the deal is lost',
    open: 'not due yet',
  } as const;
  const fact = deal.outcome === null ? null : outcome[deal.outcome];
  return (
    <KeyNumber
      label="Closing date"
      {...(overdue !== null && { hue: 'red' as const, valueHue: 'red' as const })}
      value={
        <Fresh of={deal.closing_date ?? ''}>
          {deal.closing_date === null ? 'Empty' : formatDayFull(deal.closing_date)}
        </Fresh>
      }
      {...factOf(
        conflictWords(deal, 'Closing_Date', now),
        overdue ?? (deal.closing_date === null ? 'never set' : fact),
      )}
    />
  );
}

function LastChange({ deal: { last_change: change } }: { deal: Deal }) {
  return (
    <KeyNumber
      label="Last change"
      value={
        change === null ? (
          NONE
        ) : (
          <Fresh of={change.at}>
            <Moment at={change.at} />
          </Fresh>
        )
      }
      fact={
        change !== null && `${change.side === 'crm' ? 'in CRM' : 'local'} by ${personOf(change.by)}`
      }
    />
  );
}
