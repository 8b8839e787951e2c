/** The deals behind a figure of the week, worst first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { DealsDrawer } from '@/components/deals-drawer/deals-drawer';
import { PanelFailure } from '@/components/panel/query-panel';
import { type Group, type ReviewAsked, reviewDealsQuery } from '../api/queries';
import { GROUP_MEANING, GROUP_TITLE, whyOf } from '../lib/words';
import { HealthChange } from './move-list';
import classes from './group-drawer.module.css';

type GroupDrawerProps = {
  asked: ReviewAsked;
  /** Null while it is closed. */
  group: Group | null;
  owner: string | null;
  currency: string;
  onClose: () => void;
};

export function GroupDrawer({ asked, group, owner, currency, onClose }: GroupDrawerProps) {
  const query = useInfiniteQuery({
    ...reviewDealsQuery(asked, group ?? 'open', owner),
    enabled: group !== null,
  });
  const count = query.data?.pages[0]?.count;
  return (
    <DealsDrawer
      isOpen={group !== null}
      onClose={onClose}
      title={group === null ? '' : GROUP_TITLE[group]}
      hint={group !== null && GROUP_MEANING[group]}
      currency={currency}
      deals={query.data?.pages.flatMap(({ items }) =>
        items.map((deal) => ({
          id: deal.id,
          name: deal.name,
          account: deal.account,
          owner: deal.owner,
          value: deal.value,
          why:
            deal.move === null ? (
              deal.stage
            ) : (
              <span className={classes.why}>
                <HealthChange deal={deal} />
                <span>{whyOf(deal)}</span>
              </span>
            ),
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
      count={count}
      onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      isReadingMore={query.isFetchingNextPage}
    />
  );
}
