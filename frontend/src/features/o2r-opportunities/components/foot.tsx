/** What the opportunities that are shown add up to. */
import { Link } from 'react-router';
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { counted, formatAmount, formatWhole, symbolOf } from '@/lib/format';
import type { OpportunitySummary } from '@/lib/queries/opportunities';
import classes from './opportunities.module.css';

export function Foot({ summary, search }: { summary: OpportunitySummary; search: string }) {
  return (
    <footer className={classes.foot}>
      <span className={classes.notes}>
        <MissingRates
          missing={summary.without_rate.map(({ currency, count: deals }) => ({ currency, deals }))}
          to={(currencies) => `?${withOnly(search, 'currency', currencies)}`}
        />
        {summary.conflicts > 0 && (
          <Link className={classes.amber} to={`?${withOnly(search, 'state', ['conflict'])}`}>
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

function withOnly(search: string, name: string, values: readonly string[]): string {
  const params = new URLSearchParams(search);
  params.delete(name);
  for (const value of values) params.append(name, value);
  return params.toString();
}
