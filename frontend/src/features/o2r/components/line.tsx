/** The page's first sentence: how long the whole way takes, and what money waits at its end. */
import { Link } from 'react-router';
import type { O2rDashboard } from '../api/queries';
import { groundOf, opportunities } from '../lib/links';
import { quarterWords } from '@/lib/quarters';
import { cycleAgainst, days, shortMoney } from '../lib/words';

type LineProps = { dashboard: O2rDashboard; territory: string | null };

export function Line({ dashboard, territory }: LineProps) {
  const { cycle, quarter, waiting_for_payment: unpaid, basis } = dashboard;
  const against = cycleAgainst(dashboard);
  return (
    <>
      {cycle.median_days === null ? (
        <>No deal’s revenue was recognised in {quarterWords(quarter.quarter)}. </>
      ) : (
        <>
          From first contact to recognised revenue takes <strong>{days(cycle.median_days)}</strong>{' '}
          at the median{against !== null && `, ${against}`}.{' '}
        </>
      )}
      {unpaid.deals === 0 ? (
        <>Nothing that is invoiced is unpaid.</>
      ) : (
        <>
          <Link to={opportunities({ waiting: 'payment', ...groundOf(dashboard, territory) })}>
            {shortMoney(unpaid.value, basis.base_currency)}
          </Link>{' '}
          is invoiced and unpaid.
        </>
      )}
    </>
  );
}
