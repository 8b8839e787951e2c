/** What the numbers leave out, and the way to it. */
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { counted } from '@/lib/format';
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
  return (
    <>
      {(missing.length > 0 || undescribed > 0) && (
        <p className={classes.notIncluded}>
          <MissingRates missing={missing} to={(currency) => dealsAddress(params, { currency })} />{' '}
          {undescribed > 0 &&
            `${counted(undescribed, 'deal')} in stages that the CRM does not describe ${undescribed === 1 ? 'is' : 'are'} neither open nor closed, so in no total of open deals.`}
        </p>
      )}
      {because !== null && <p className={classes.uncompared}>Not compared. {because}</p>}
    </>
  );
}
