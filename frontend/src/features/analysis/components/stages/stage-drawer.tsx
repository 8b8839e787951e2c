/** The deals behind a part of a bar: how long each stayed, and where it went. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { DealsDrawer } from '@/components/deals-drawer/deals-drawer';
import { PanelFailure } from '@/components/panel/query-panel';
import { counted, formatDayFull } from '@/lib/format';
import { type Became, stageDealsQuery, type StageFigures, type Stages } from '../../api/stages';
import type { Question } from '@/lib/pipeline-address';
import { daysWords, PARTS } from './words';

export type Opened = { stage: StageFigures; became: Became | null };

type StageDrawerProps = {
  stages: Stages;
  question: Question;
  /** Null while it is closed. */
  opened: Opened | null;
  onClose: () => void;
};

const DAY_MS = 86_400_000;

export function StageDrawer({ stages, question, opened, onClose }: StageDrawerProps) {
  const query = useInfiniteQuery({
    ...stageDealsQuery(question, opened?.stage.stage ?? '', opened?.became ?? null),
    enabled: opened !== null,
  });
  const asOf = Date.parse(stages.basis.as_of);
  const count = query.data?.pages[0]?.count;
  const part = PARTS.find(({ key }) => key === opened?.became)?.label ?? 'Entered';
  return (
    <DealsDrawer
      isOpen={opened !== null}
      onClose={onClose}
      title={opened === null ? '' : `${opened.stage.label}: ${part.toLowerCase()}`}
      hint={
        count !== undefined &&
        `${counted(count, 'stay')}, the longest first. Values are as of the moment shown.`
      }
      currency={stages.basis.base_currency}
      deals={query.data?.pages.flatMap(({ items }) =>
        items.map(({ id, name, account, owner, value, ...stay }) => {
          const left = stay.left_at === null ? asOf : Date.parse(stay.left_at);
          const days = daysWords(Math.max(0, (left - Date.parse(stay.entered_at)) / DAY_MS));
          const since = formatDayFull(stay.entered_at.slice(0, 10));
          const where =
            stay.left_at === null
              ? 'still there'
              : stay.next_stage === null
                ? 'then deleted'
                : `then ${stay.next_stage}`;
          const origin = stay.is_imported ? 'told by the CRM' : 'observed';
          return {
            id,
            name,
            account,
            owner,
            value,
            why: `${days} since ${since}, ${where} (${origin})`,
          };
        }),
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
