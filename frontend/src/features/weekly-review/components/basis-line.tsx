/** What the figures rest on: how final the week is, rates, what is missing, open conflicts. */
import { IconAlertCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { counted, formatWhen } from '@/lib/format';
import { missingRateWords } from '@/lib/missing-rates';
import { mailingQuery, type WeeklyReview } from '../api/queries';
import { lastMailWords, scheduleWords, stateWords } from '../lib/words';
import classes from '../weekly-review-page.module.css';

export function BasisLine({ review, now }: { review: WeeklyReview; now: Date }) {
  const { basis, week } = review;
  const { data: mailing } = useQuery(mailingQuery);
  const last = mailing ? lastMailWords(mailing, now) : null;
  const missing = missingRateWords(basis.without_rate);
  const conflicts = basis.conflicts?.deals ?? 0;
  return (
    <p className={classes.basis}>
      <span>{stateWords(week, now)}</span>
      <span>
        Monday to Sunday in {week.zone}; health by today’s thresholds; all values in{' '}
        {basis.base_currency}
        {basis.rates_read_at === null
          ? '.'
          : basis.is_past
            ? ', at the CRM’s rates of that day.'
            : `, at the CRM’s rates of ${formatWhen(new Date(basis.rates_read_at), now)}.`}
      </span>
      {missing !== '' && (
        <span className={classes.mark}>
          <IconAlertCircle size={14} stroke={1.8} aria-hidden /> {missing}
        </span>
      )}
      {conflicts > 0 && (
        <span>
          <Link to="/sync-status?tab=conflicts">{counted(conflicts, 'deal')}</Link>{' '}
          {conflicts === 1 ? 'has' : 'have'} an open conflict.
        </span>
      )}
      {mailing && (
        <span className={classes.mailing}>
          {scheduleWords(mailing)}
          {last !== null && ` ${last}`}
        </span>
      )}
    </p>
  );
}
