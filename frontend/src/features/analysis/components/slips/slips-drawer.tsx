/** All slipped deals of one kind, in a drawer at the right. */
import { Button, Drawer, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { NothingHere, PanelFailure } from '@/components/panel/query-panel';
import { formatWhole } from '@/lib/format';
import { allSlipsQuery, type SlipKind } from '../../api/slips';
import type { Question } from '@/lib/pipeline-address';
import { SlipsTable } from './slips-table';
import { KIND_WORDS, NOTHING } from './words';
import classes from './slips.module.css';

type SlipsDrawerProps = {
  isOpen: boolean;
  kind: SlipKind;
  question: Question;
  onClose: () => void;
};

export function SlipsDrawer({ isOpen, kind, question, onClose }: SlipsDrawerProps) {
  const query = useInfiniteQuery({ ...allSlipsQuery(question, kind), enabled: isOpen });
  const [first] = query.data?.pages ?? [];
  const deals = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Drawer opened={isOpen} onClose={onClose} title={KIND_WORDS[kind]} size={760} padding={20}>
      {first === undefined ? (
        query.isError ? (
          <PanelFailure
            error={query.error}
            failed="The slipped deals could not be read"
            failedAt={query.errorUpdatedAt}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <Skeleton height={320} />
        )
      ) : deals.length === 0 ? (
        <NothingHere>{NOTHING[kind]}</NothingHere>
      ) : (
        <>
          <SlipsTable kind={kind} deals={deals} currency={first.basis.base_currency} />
          {query.hasNextPage && (
            <div className={classes.more}>
              <span>
                {formatWhole(deals.length)} of {formatWhole(first.count)}
              </span>
              <Button onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                Show more
              </Button>
            </div>
          )}
        </>
      )}
    </Drawer>
  );
}
