/** What the opportunities that are shown add up to. */
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { counted, formatAmount, formatWhole, symbolOf } from '@/lib/format';
import type { OpportunitySummary } from '@/lib/queries/opportunities';
import classes from './opportunities.module.css';

export function Foot({ summary, search }: { summary: OpportunitySummary; search: string }) {
  const missing = summary.without_rate.reduce((sum, line) => sum + line.count, 0);
  return (
    <footer className={classes.foot}>
      <span className={classes.notes}>
        {missing > 0 && (
          <span className={classes.amber}>
            <IconAlertTriangle size={15} stroke={1.7} aria-hidden />
            {counted(missing, 'deal')} in{' '}
            {summary.without_rate.map(({ currency }) => currency ?? 'no currency').join(', ')}{' '}
            {missing === 1 ? 'has' : 'have'} no rate and {missing === 1 ? 'is' : 'are'} in no total.
          </span>
        )}
        {summary.conflicts > 0 && (
          <Link className={classes.amber} to={`?${withState(search)}`}>
            {counted(summary.conflicts, 'deal')} in conflict
          </Link>
        )}
      </span>
      <dl className={classes.totals} aria-live="off">
        <div className={classes.all}>
          <dt>All</dt>
          <dd>{formatWhole(summary.count)}</dd>
        </div>
        <Total word="At risk" value={summary.at_risk_value} base={summary.base_currency} />
        <Total word="Total" value={summary.value} base={summary.base_currency} />
      </dl>
    </footer>
  );
}

function Total({ word, value, base }: { word: string; value: number; base: string }) {
  const sign = symbolOf(base);
  return (
    <div>
      <dt>{word}</dt>
      <dd title={`${sign} ${formatAmount(value, base, { cents: true })}`}>
        <strong>
          {sign} {formatWhole(value)}
        </strong>
      </dd>
    </div>
  );
}

function withState(search: string): string {
  const params = new URLSearchParams(search);
  params.set('state', 'conflict');
  return params.toString();
}
