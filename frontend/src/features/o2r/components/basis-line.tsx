/** What the figures rest on: rates, what is missing in them, conflicts that touch them. */
import { Link } from 'react-router';
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { counted, formatWhen } from '@/lib/format';
import { dealsWithoutRate } from '@/lib/missing-rates';
import type { O2rDashboard } from '../api/queries';
import { groundOf } from '../lib/links';
import classes from './basis-line.module.css';

type BasisLineProps = { basis: O2rDashboard['basis']; territory: string | null; now: Date };

export function BasisLine({ basis, territory, now }: BasisLineProps) {
  const conflicts = basis.conflicts?.deals ?? 0;
  return (
    <p className={classes.line}>
      All values in {basis.base_currency}
      {basis.rates_read_at === null
        ? '.'
        : `, at the CRM’s rates of ${formatWhen(new Date(basis.rates_read_at), now)}.`}
      <MissingRates
        missing={basis.without_rate}
        to={(currencies) => dealsWithoutRate(currencies, groundOf({ basis }, territory))}
      />
      {conflicts > 0 && (
        <span>
          <Link to="/sync-status?tab=conflicts">{counted(conflicts, 'deal')}</Link>{' '}
          {conflicts === 1 ? 'has' : 'have'} an open conflict.
        </span>
      )}
    </p>
  );
}
