/**
 * A list whose address may name a saved view. An address that names one and nothing else becomes what
 * the view keeps, once: afterwards a person may clear every filter and stays where that led.
 */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Page } from '@/components/page/page';
import { NothingHere, PanelFailure } from '@/components/panel/query-panel';
import { useNameCrumb } from '@/lib/crumb';
import { isUnknownView, type SavedView, type ViewPage, viewQueryOf } from '@/lib/queries/views';
import { addressOf, addressOfView, VIEW } from '@/lib/saved-views';

type ViewedListProps = {
  page: ViewPage;
  title: string;
  /** Shows the list; the view that is open, once it is read. */
  children: (view: SavedView | undefined) => ReactNode;
};

export function ViewedList({ page, title, children }: ViewedListProps) {
  const [params, setParams] = useSearchParams();
  const id = params.get(VIEW);
  const opened = useQuery({ ...viewQueryOf(id ?? ''), enabled: id !== null });
  const view = id === null ? undefined : opened.data;
  useNameCrumb(view?.name);

  const [arrivedAt, setArrivedAt] = useState<string | null>(null);
  if (id !== arrivedAt && (id === null || params.size > 1 || view?.query === '')) setArrivedAt(id);
  const hasArrived = id === arrivedAt;
  useEffect(() => {
    if (!hasArrived && view !== undefined) setParams(addressOf(view).search, { replace: true });
  }, [hasArrived, view, setParams]);

  if (id !== null && opened.isError && view === undefined) {
    return (
      <Page title={title}>
        {isUnknownView(opened.error) ? (
          <NothingHere>
            There is no such view, or it is somebody’s private one.{' '}
            <Link to={addressOfView(page, null, '')}>Open {title} without a view</Link>
          </NothingHere>
        ) : (
          <PanelFailure
            error={opened.error}
            failed="The view could not be read"
            failedAt={opened.errorUpdatedAt}
            onRetry={() => void opened.refetch()}
          />
        )}
      </Page>
    );
  }
  return hasArrived ? children(view) : <Page title={title}>{null}</Page>;
}
