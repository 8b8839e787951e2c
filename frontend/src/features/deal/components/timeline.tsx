/** The deal's history beside its fields: newest first, earlier parts as one reads on. */
import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { NothingHere, PanelFailure } from '@/components/panel/query-panel';
import { Section } from '@/components/page/section';
import { Moment } from '@/components/time/moment';
import { TimelineList } from '@/components/timeline/timeline';
import { type Deal, timelineQuery, type TimelineKind } from '../api/deal';
import { personOf } from '../lib/person';
import classes from './timeline.module.css';
import { TimelineEntry } from './timeline-entry';

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'changes', label: 'Changes' },
  { value: 'sync', label: 'Sync' },
] as const satisfies readonly { value: TimelineKind; label: string }[];

export function Timeline({ deal }: { deal: Deal }) {
  const [kind, setKind] = useState<TimelineKind>('all');
  return (
    <Section
      title="Timeline"
      action={
        <SegmentedControl
          aria-label="Entries of the timeline"
          data={KINDS.map((each) => ({ ...each }))}
          value={kind}
          onChange={setKind}
        />
      }
    >
      <Entries key={kind} deal={deal} kind={kind} />
    </Section>
  );
}

function Entries({ deal, kind }: { deal: Deal; kind: TimelineKind }) {
  const query = useInfiniteQuery(timelineQuery(deal.id, kind));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (query.data === undefined) {
    return query.isError ? (
      <PanelFailure
        error={query.error}
        failed="The timeline could not be read"
        failedAt={query.errorUpdatedAt}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <EntriesSkeleton />
    );
  }
  const entries = query.data.pages.flatMap(({ items }) => items);
  const last = query.data.pages.at(-1);
  return (
    <>
      {entries.length === 0 ? (
        <NothingHere>Nothing yet.</NothingHere>
      ) : (
        <TimelineList label="History of the deal">
          {entries.map((entry) => (
            <TimelineEntry key={entry.id} entry={entry} deal={deal} />
          ))}
        </TimelineList>
      )}
      {hasNextPage && (
        <ShowEarlier isBusy={isFetchingNextPage} onShow={() => void fetchNextPage()} />
      )}
      {!hasNextPage && kind !== 'sync' && !deal.history.is_whole && last?.created_at != null && (
        <p className={classes.begin}>
          Created in the CRM <Moment at={last.created_at} as="when" /> by{' '}
          {personOf(last.created_by)}. What happened between that and our first reading is known to
          the CRM alone.
        </p>
      )}
    </>
  );
}

/** A button that presses itself once it comes into view. */
function ShowEarlier({ isBusy, onShow }: { isBusy: boolean; onShow: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const show = useRef(onShow);
  useEffect(() => {
    show.current = onShow;
  });
  useEffect(() => {
    if (isBusy || button.current === null) return;
    const watcher = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) show.current();
    });
    watcher.observe(button.current);
    return () => {
      watcher.disconnect();
    };
  }, [isBusy]);
  return (
    <Button ref={button} className={classes.earlier ?? ''} loading={isBusy} onClick={onShow}>
      Show earlier
    </Button>
  );
}

function EntriesSkeleton() {
  return (
    <div aria-busy="true">
      {[72, 40, 56, 40].map((width, index) => (
        <div key={index} className={classes.waiting}>
          <Skeleton height={22} circle />
          <div>
            <Skeleton height={12} width="45%" mt={4} />
            <Skeleton height={12} width={`${width}%`} mt={8} />
          </div>
        </div>
      ))}
    </div>
  );
}
