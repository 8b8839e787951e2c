/** What the pipeline is worth, in five numbers; each opens its deals. */
import { Tooltip } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Delta } from '@/components/delta/delta';
import { DataAge } from '@/components/key-numbers/data-age';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { counted, formatAmount, formatWhen, formatWhole, NONE, symbolOf } from '@/lib/format';
import { isOld } from '@/lib/mirror-age';
import { missingRateWords } from '@/lib/missing-rates';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Dashboard } from '../api/queries';
import { dealsWithoutRate, openDeals, overdueDeals } from '../lib/links';
import { definitionOf, sinceWords } from '../lib/words';
import classes from './numbers.module.css';

const LABEL = 'What the pipeline is worth';

type NumbersProps = { dashboard: Dashboard; current: CurrentStatus; now: Date };

export function Numbers({ dashboard, current, now }: NumbersProps) {
  const { base_currency: base, change, overdue, realised, total } = dashboard;
  const unit = symbolOf(base);
  const money = (amount: number): string => formatAmount(amount, base);
  const since = change?.is_cut && !isOld(current) ? sinceWords(change, now) : undefined;
  const fact = (words: ReactNode): ReactNode => (
    <DataAge current={current} now={now}>
      {words}
    </DataAge>
  );
  const mark = <MissingRate dashboard={dashboard} />;
  const rates = ratesOf(dashboard, now);
  return (
    <>
      <KeyNumbers label={LABEL}>
        <KeyNumber
          label="Pipeline value"
          hue="blue"
          unit={unit}
          value={money(total.value)}
          of={mark}
          to={openDeals(dashboard)}
          fact={fact(change && <Delta difference={change.value} {...(since && { since })} />)}
          about={`${definitionOf(dashboard)} Amounts in ${base}. ${rates}`}
        />
        <KeyNumber
          label="Weighted pipeline"
          hue="purple"
          unit={unit}
          value={money(total.weighted)}
          of={mark}
          to={openDeals(dashboard)}
          fact={fact(change && <Delta difference={change.weighted} />)}
          about={`Value of each open deal by its probability. ${rates}`}
        />
        <KeyNumber
          label={`Revenue realised, Q${realised.quarter}`}
          hue="green"
          unit={unit}
          value={money(realised.value)}
          fact={fact(<Realised realised={realised} money={money} />)}
          about={`Deals whose revenue was recognised in Q${realised.quarter} ${realised.year}, up to today. ${rates}`}
        />
        <KeyNumber
          label="Open deals"
          value={formatWhole(total.deals)}
          to={openDeals(dashboard)}
          fact={fact(change && <Delta difference={change.deals} />)}
          about={definitionOf(dashboard)}
        />
        <KeyNumber
          label="Past closing date"
          hue="red"
          unit={unit}
          value={money(overdue.value)}
          to={overdueDeals(dashboard)}
          fact={fact(counted(overdue.deals, 'open deal'))}
          about={`Open deals whose closing date is before today. ${rates}`}
        />
      </KeyNumbers>
      <NotIncluded dashboard={dashboard} />
    </>
  );
}

function Realised({
  realised,
  money,
}: {
  realised: Dashboard['realised'];
  money: (amount: number) => string;
}) {
  if (realised.last_7_days === 0) return <>{counted(realised.deals, 'deal')}</>;
  return (
    <span>
      <span className={classes.good}>+{money(realised.last_7_days)}</span> in 7 days
    </span>
  );
}

function MissingRate({ dashboard }: { dashboard: Dashboard }) {
  const words = missingRateWords(dashboard.without_rate);
  if (words === '') return null;
  return (
    <Tooltip label={words} multiline maw={320}>
      <span className={classes.mark} role="img" aria-label={words}>
        <IconAlertCircle size={16} stroke={1.8} aria-hidden />
      </span>
    </Tooltip>
  );
}

function NotIncluded({ dashboard }: { dashboard: Dashboard }) {
  const words = missingRateWords(dashboard.without_rate);
  const undescribed = dashboard.open.undescribed_deals;
  if (words === '' && undescribed === 0) return null;
  return (
    <p className={classes.notIncluded}>
      {words !== '' && (
        <>
          <IconAlertCircle size={14} stroke={1.8} aria-hidden /> {words}{' '}
          <Link to={dealsWithoutRate(dashboard)}>Show them</Link>{' '}
        </>
      )}
      {undescribed > 0 &&
        `${counted(undescribed, 'deal')} in stages that the CRM does not describe ${undescribed === 1 ? 'is' : 'are'} not in these totals.`}
    </p>
  );
}

function ratesOf({ rates_read_at: at }: Dashboard, now: Date): string {
  return at === null
    ? 'The CRM’s rates have not been read yet.'
    : `Each deal by its own rate, else by the CRM’s of ${formatWhen(new Date(at), now)}.`;
}

const LABELS = [
  'Pipeline value',
  'Weighted pipeline',
  'Revenue realised',
  'Open deals',
  'Past closing date',
];
const HUES = ['blue', 'purple', 'green', undefined, 'red'] as const;

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
