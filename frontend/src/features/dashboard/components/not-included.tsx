/** What the numbers leave out, and the way to it. */
import { IconAlertCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { counted } from '@/lib/format';
import { missingRateWords } from '@/lib/missing-rates';
import { dealsAddress } from '@/lib/pipeline-address';
import type { Numbers } from '@/lib/queries/pipeline';
import classes from './numbers.module.css';

type NotIncludedProps = {
  params: URLSearchParams;
  numbers: Numbers | undefined;
  /** Deals in stages that the CRM does not describe. */
  undescribed: number;
};

export function NotIncluded({ params, numbers, undescribed }: NotIncludedProps) {
  const missing = numbers?.basis.without_rate ?? [];
  const because = numbers?.comparison.missing_because ?? null;
  const words = missingRateWords(missing);
  return (
    <>
      {(words !== '' || undescribed > 0) && (
        <p className={classes.notIncluded}>
          {words !== '' && (
            <>
              <IconAlertCircle size={14} stroke={1.8} aria-hidden /> {words}{' '}
              <Link
                to={dealsAddress(params, {
                  currency: missing.map(({ currency }) => currency ?? ''),
                })}
              >
                Show them
              </Link>{' '}
            </>
          )}
          {undescribed > 0 &&
            `${counted(undescribed, 'deal')} in stages that the CRM does not describe ${undescribed === 1 ? 'is' : 'are'} neither open nor closed, so in no total of open deals.`}
        </p>
      )}
      {because !== null && <p className={classes.uncompared}>Not compared. {because}</p>}
    </>
  );
}
