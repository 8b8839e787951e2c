/** Conflicts: the queue at the left, one record right, and nothing overwritten until someone decides. */
import { Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { PanelFailure } from '@/components/panel/query-panel';
import { counted } from '@/lib/format';
import { conflictsQuery } from '../../api/conflicts';
import type { Search } from '../../lib/search';
import { AllInSync } from '../not-in-sync';
import classes from './conflicts-tab.module.css';
import { Desk } from './desk';

/** `total` is the number of records, for the calm case; undefined until it is known. */
type Props = { search: Search; total: number | undefined };

export function ConflictsTab({ search, total }: Props) {
  const query = useInfiniteQuery(conflictsQuery(search.skipped));
  const pages = query.data?.pages;
  const [first] = pages ?? [];
  if (pages === undefined || first === undefined) {
    return query.isError ? (
      <PanelFailure
        error={query.error}
        failed="The conflicts could not be read"
        failedAt={query.errorUpdatedAt}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <div className={classes.waiting} aria-busy="true">
        {['1', '2', '3', '4'].map((row) => (
          <Skeleton key={row} height={40} my={12} />
        ))}
      </div>
    );
  }
  // A record that moved from one page to the next while they were loaded is shown once.
  const items = [
    ...new Map(pages.flatMap((page) => page.items).map((item) => [item.id, item])).values(),
  ];
  const isCalm = items.length === 0 && first.skipped_count === 0 && search.record === null;
  return (
    <Desk
      calm={
        isCalm && (
          <AllInSync>
            {total === undefined || total === 0
              ? 'No conflicts.'
              : `No conflicts. Nothing of ${counted(total, 'record')} waits for a decision.`}
          </AllInSync>
        )
      }
      search={search}
      items={items}
      count={first.count}
      fieldCount={first.field_count}
      skippedCount={first.skipped_count}
      onMore={query.hasNextPage ? () => void query.fetchNextPage() : null}
    />
  );
}
