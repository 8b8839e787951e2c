/** The deals behind a figure of revenue: recognised, or expected by closing date. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { DealsDrawer } from '@/components/deals-drawer/deals-drawer';
import { PanelFailure } from '@/components/panel/query-panel';
import { formatAmount, formatDayFull, formatPercent } from '@/lib/format';
import type { Question } from '@/lib/pipeline-address';
import { type RevenueAsked, revenueDealsQuery } from '../api/queries';

export type OpenedRevenue = RevenueAsked & {
  title: string;
  /** What its deals add up to; of expected ones by probability. */
  value: number;
  deals: string;
};

type RevenueDrawerProps = {
  question: Question;
  currency: string;
  opened: OpenedRevenue;
  isOpen: boolean;
  onClose: () => void;
};

export default function RevenueDrawer(props: RevenueDrawerProps) {
  const { question, currency, opened, isOpen, onClose } = props;
  const { kind, first, last, title, value, deals } = opened;
  const query = useInfiniteQuery({
    ...revenueDealsQuery(question, { kind, first, last }),
    enabled: isOpen,
  });
  const isExpected = kind === 'expected';
  return (
    <DealsDrawer
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      hint={
        <strong>
          {deals}, {currency} {formatAmount(value, currency, { cents: true })}
          {isExpected && ' by probability'}
        </strong>
      }
      currency={currency}
      deals={query.data?.pages.flatMap(({ items }) =>
        items.map(({ on, probability, ...deal }) => ({
          ...deal,
          why: isExpected
            ? [`Closes ${formatDayFull(on)}`, probability !== null && formatPercent(probability)]
                .filter(Boolean)
                .join(', ')
            : `Recognised ${formatDayFull(on)}`,
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
