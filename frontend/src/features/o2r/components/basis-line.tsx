/** What the figures rest on: rates, what is missing in them, conflicts that touch them. */
import { IconAlertCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { counted, formatWhen } from '@/lib/format';
import { missingRateWords } from '@/lib/missing-rates';
import type { O2rDashboard } from '../api/queries';
import { dealsWithoutRate, groundOf } from '../lib/links';
import classes from './basis-line.module.css';

type BasisLineProps = { basis: O2rDashboard['basis']; territory: string | null; now: Date };

export function BasisLine({ basis, territory, now }: BasisLineProps) {
  const missing = missingRateWords(basis.without_rate);
  const conflicts = basis.conflicts?.deals ?? 0;
  return (
    <p className={classes.line}>
      All values in {basis.base_currency}
      {basis.rates_read_at === null
        ? '.'
        : `, at the CRM’s rates of ${formatWhen(new Date(basis.rates_read_at), now)}.`}
      {missing !== '' && (
        <span className={classes.mark}>
          <IconAlertCircle size={14} stroke={1.8} aria-hidden /> {missing}{' '}
          <Link
            to={dealsWithoutRate(
              basis.without_rate.map(({ currency }) => currency),
              groundOf({ basis }, territory),
            )}
          >
            Show them
          </Link>
        </span>
      )}
      {conflicts > 0 && (
        <span>
          <Link to="/sync-status?tab=conflicts">{counted(conflicts, 'deal')}</Link>{' '}
          {conflicts === 1 ? 'has' : 'have'} an open conflict.
        </span>
      )}
    </p>
  );
}
