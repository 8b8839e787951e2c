/** The deals of one bar: each with what it was, what it is, and why it moved. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { DealsDrawer } from '@/components/deals-drawer/deals-drawer';
import { formatExact } from '@/components/charts/scale';
import { PanelFailure } from '@/components/panel/query-panel';
import { counted } from '@/lib/format';
import {
  type Bucket,
  movedDealsQuery,
  type Movement,
  type MovementAsked,
} from '@/lib/queries/movement';
import { LABELS, reasonsWords } from './bars';
import classes from './moved-drawer.module.css';

type MovedDrawerProps = {
  movement: Movement;
  asked: MovementAsked;
  /** Null while it is closed. */
  bucket: Bucket | null;
  onClose: () => void;
};

export function MovedDrawer({ movement, asked, bucket, onClose }: MovedDrawerProps) {
  const query = useInfiniteQuery({
    ...movedDealsQuery(asked, bucket ?? 'new'),
    enabled: bucket !== null,
  });
  const whole = movement.buckets.find((each) => each.bucket === bucket);
  const currency = movement.basis.base_currency;
  return (
    <DealsDrawer
      isOpen={bucket !== null}
      onClose={onClose}
      title={bucket === null ? '' : LABELS[bucket]}
      hint={
        whole && (
          <>
            <strong>
              {counted(whole.deals, 'deal')}, {currency} {formatExact(whole.value, currency, true)}
            </strong>
            <div className={classes.reasons}>{reasonsWords(whole.reasons)}</div>
            {whole.of_rates !== 0 && (
              <div className={classes.reasons}>
                {currency} {formatExact(whole.of_rates, currency, true)} of it came from the CRM’s
                rates alone.
              </div>
            )}
          </>
        )
      }
      currency={currency}
      isChange
      deals={query.data?.pages.flatMap(({ items }) =>
        items.map(({ before, after, difference, words, ...deal }) => ({
          ...deal,
          value: before === null && after === null ? null : difference,
          from: before,
          to: after,
          why: words,
        })),
      )}
      failure={
        query.isError && query.data === undefined ? (
          <PanelFailure
            error={query.error}
            failed="The deals could not be read"
            failedAt={query.errorUpdatedAt}
            onRetry={() => void query.refetch()}
          />
        ) : undefined
      }
      count={query.data?.pages[0]?.count}
      onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      isReadingMore={query.isFetchingNextPage}
    />
  );
}
