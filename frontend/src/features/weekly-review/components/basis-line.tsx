/** What the figures rest on: how final the week is, rates, what is missing, open conflicts. */
import { useQuery } from '@tanstack/react-query';
import { Basis } from '@/components/basis/basis';
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { formatWhen } from '@/lib/format';
import { dealsWithoutRate } from '@/lib/missing-rates';
import { mailingQuery, type WeeklyReview } from '../api/queries';
import { lastMailWords, scheduleWords, stateWords } from '../lib/words';
import classes from '../weekly-review-page.module.css';

type BasisLineProps = { review: WeeklyReview; territory: string | null; now: Date };

export function BasisLine({ review, territory, now }: BasisLineProps) {
  const { basis, week } = review;
  const { data: mailing } = useQuery(mailingQuery);
  const last = mailing ? lastMailWords(mailing, now) : null;
  return (
    <Basis conflicts={basis.conflicts?.deals ?? 0}>
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
      <MissingRates
        missing={basis.without_rate}
        to={(currencies) =>
          dealsWithoutRate(currencies, { territory, asOf: basis.is_past ? basis.as_of : null })
        }
      />
      {mailing && (
        <span className={classes.mailing}>
          {scheduleWords(mailing)}
          {last !== null && ` ${last}`}
        </span>
      )}
    </Basis>
  );
}
