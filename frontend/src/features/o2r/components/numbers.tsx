/** Money on its way, in five numbers; each opens its opportunities. */
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DataAge } from '@/components/key-numbers/data-age';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { counted, formatAmount, formatSigned, formatWhole, NONE, symbolOf } from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { O2rDashboard } from '../api/queries';
import { groundOf, opportunities } from '../lib/links';
import { quarterBefore, quarterWords, shortQuarter } from '@/lib/quarters';
import classes from './numbers.module.css';

const LABEL = 'Money on its way';

type NumbersProps = {
  dashboard: O2rDashboard;
  /** Value at risk a week before; null where it is not known. */
  riskBefore: number | null;
  territory: string | null;
  current: CurrentStatus | undefined;
  now: Date;
};

export function Numbers({ dashboard, riskBefore, territory, current, now }: NumbersProps) {
  const { basis, quarter, realised, cycle, at_risk: risk } = dashboard;
  const { waiting_for_invoice: unbilled, waiting_for_payment: unpaid } = dashboard;
  const base = basis.base_currency;
  const ground = groundOf(dashboard, territory);
  const unit = symbolOf(base);
  const money = (amount: number): string => formatAmount(amount, base);
  const fact = (words: ReactNode): ReactNode => (
    <DataAge current={current} now={now}>
      <span className={classes.fact}>{words}</span>
    </DataAge>
  );
  const asked = quarterWords(quarter.quarter);
  return (
    <KeyNumbers label={LABEL}>
      <KeyNumber
        label={`Revenue realised, ${shortQuarter(quarter.quarter)}`}
        hue="green"
        unit={unit}
        value={money(realised.value)}
        to={opportunities({ recognised: quarter.quarter, ...ground })}
        fact={fact(
          quarter.is_running && realised.this_week !== 0 ? (
            <>
              <Change amount={realised.this_week} isGood={realised.this_week > 0} /> this week
            </>
          ) : (
            counted(realised.deals, 'deal')
          ),
        )}
        about={`Deals whose revenue was recognised in ${asked}, up to today: ${counted(realised.deals, 'deal')}.`}
      />
      <KeyNumber
        label="Won, not invoiced"
        hue="amber"
        unit={unit}
        value={money(unbilled.value)}
        to={opportunities({ waiting: 'invoice', ...ground })}
        fact={fact(
          unbilled.oldest_days === null
            ? counted(unbilled.deals, 'deal')
            : `${counted(unbilled.deals, 'deal')}, oldest ${formatWhole(unbilled.oldest_days)} d`,
        )}
        about="Open opportunities in a stage that the CRM forecasts as won, without an invoice. They wait since the PO, else since the closing date."
      />
      <KeyNumber
        label="Invoiced, not paid"
        hue="amber"
        unit={unit}
        value={money(unpaid.value)}
        to={opportunities({ waiting: 'payment', ...ground })}
        fact={fact(
          <>
            {counted(unpaid.deals, 'deal')}
            {unpaid.overdue_deals > 0 && (
              <>
                ,{' '}
                <span className={classes.bad}>
                  {formatWhole(unpaid.overdue_deals)} over {formatWhole(unpaid.limit_days)} d
                </span>
              </>
            )}
          </>,
        )}
        about="Open opportunities with an invoice and without a payment."
      />
      <KeyNumber
        label="Revenue at risk"
        hue="red"
        unit={unit}
        value={money(risk.value)}
        to={opportunities({ health: ['blocked', 'red'], ...ground })}
        fact={fact(
          <>
            {riskBefore !== null && Math.round(risk.value - riskBefore) !== 0 && (
              <>
                <Change amount={risk.value - riskBefore} isGood={risk.value < riskBefore} />{' '}
              </>
            )}
            {counted(risk.deals, 'deal')}
          </>,
        )}
        about={`Open opportunities that are blocked or at risk${riskBefore === null ? '' : ', against a week ago by today’s thresholds'}.`}
      />
      <KeyNumber
        label="Cycle time, median"
        value={cycle.median_days === null ? NONE : formatWhole(cycle.median_days)}
        {...(cycle.median_days !== null && {
          of: 'd',
          to: opportunities({ recognised: quarter.quarter, ...ground }),
        })}
        fact={fact(<Cycle dashboard={dashboard} />)}
        about={`Days from creation to recognised revenue, of the ${counted(cycle.deals, 'deal')} that got there in ${asked}.`}
      />
    </KeyNumbers>
  );
}

function Cycle({ dashboard: { cycle, quarter } }: { dashboard: O2rDashboard }) {
  if (cycle.median_days === null) return <>No deal in {quarterWords(quarter.quarter)}</>;
  if (cycle.before_median_days === null) return <>{counted(cycle.deals, 'deal')}</>;
  const difference = cycle.median_days - cycle.before_median_days;
  const before = shortQuarter(quarterBefore(quarter.quarter));
  if (difference === 0) return <>As in {before}</>;
  return (
    <>
      <Change amount={difference} unit="d" isGood={difference < 0} /> on {before}
    </>
  );
}

type ChangeProps = { amount: number; isGood: boolean; unit?: string };

/** A change of which more is not always better. */
function Change({ amount, isGood, unit }: ChangeProps) {
  const Icon = amount > 0 ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={isGood ? classes.good : classes.bad}>
      <Icon size={13} stroke={2} aria-hidden /> {formatSigned(Math.round(amount))}
      {unit !== undefined && ` ${unit}`}
    </span>
  );
}

const LABELS = [
  'Revenue realised',
  'Won, not invoiced',
  'Invoiced, not paid',
  'Revenue at risk',
  'Cycle time, median',
];
const HUES = ['green', 'amber', 'amber', 'red', undefined] as const;

/** The strip before its numbers are known, or while they cannot be. */
export function EmptyNumbers({ isLoading }: { isLoading: boolean }) {
  return (
    <KeyNumbers label={LABEL}>
      {LABELS.map((label, place) => (
        <KeyNumber
          key={label}
          label={label}
          value={NONE}
          isLoading={isLoading}
          {...(HUES[place] && { hue: HUES[place] })}
        />
      ))}
    </KeyNumbers>
  );
}
