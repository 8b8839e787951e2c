/** Analysis: what the deals that are meant are worth, where, how it moved, and who holds them. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { ExportMenu } from '@/components/export-menu/export-menu';
import { Page } from '@/components/page/page';
import { NothingHere, PanelFailure } from '@/components/panel/query-panel';
import { ViewChanges } from '@/components/saved-views/view-changes';
import { ViewsMenu } from '@/components/saved-views/views-menu';
import { useNameCrumb } from '@/lib/crumb';
import { withoutFilters } from '@/lib/deal-filters';
import { questionOf, withDefaults } from '@/lib/pipeline-address';
import { isUnknownView, viewQueryOf } from '@/lib/queries/views';
import { numbersQuery } from '@/lib/queries/pipeline';
import { Filters } from './components/filters';
import { Lede } from './components/lede';
import { Panels } from './components/panels';
import { isSameView, viewQuery } from './lib/address';

export default function AnalysisPage() {
  const { id } = useParams();
  const [written, setWritten] = useSearchParams();
  const opened = useQuery({ ...viewQueryOf(id ?? ''), enabled: id !== undefined });
  const view = id === undefined ? undefined : opened.data;
  useNameCrumb(view?.name);

  // An address that names a view and nothing else means what the view keeps.
  const awaitsView = id !== undefined && written.size === 0;
  const kept = awaitsView ? view?.query : undefined;
  const params = withDefaults(awaitsView ? new URLSearchParams(kept ?? '') : written);
  const isKnown = !awaitsView || view !== undefined;
  const whole = params.toString();
  useEffect(() => {
    if (isKnown && whole !== written.toString()) setWritten(whole, { replace: true });
  }, [isKnown, whole, written, setWritten]);
  const numbers = useQuery({ ...numbersQuery(questionOf(params)), enabled: isKnown });

  const change = (after: URLSearchParams): void => {
    setWritten(after, { replace: true });
  };
  const query = viewQuery(params);
  const isChanged =
    view !== undefined && !isSameView(query, viewQuery(new URLSearchParams(view.query)));

  if (id !== undefined && opened.isError) {
    if (isUnknownView(opened.error)) return <UnknownView />;
    return (
      <Page title="Analysis">
        <PanelFailure
          error={opened.error}
          failed="The view could not be read"
          failedAt={opened.errorUpdatedAt}
          onRetry={() => void opened.refetch()}
        />
      </Page>
    );
  }
  return (
    <Page
      title={view?.name ?? 'Analysis'}
      beside={isChanged && <ViewChanges view={view} query={query} />}
      lede={
        numbers.data !== undefined || numbers.isError ? (
          <Lede view={view} numbers={numbers.data} params={params} />
        ) : (
          <Skeleton component="span" display="inline-block" h={14} w="min(480px, 90%)" />
        )
      }
      actions={
        <>
          <ViewsMenu page="analysis" view={view} query={query} isChanged={isChanged} />
          <ExportMenu kinds={['analysis', 'deals']} query={query} />
        </>
      }
    >
      <Filters params={params} basis={numbers.data} onChange={change} />
      {isKnown && (
        <Panels
          params={params}
          numbers={numbers}
          onChange={change}
          onClear={() => {
            change(withoutFilters(params));
          }}
        />
      )}
    </Page>
  );
}

function UnknownView() {
  return (
    <Page title="Analysis">
      <NothingHere>
        There is no such view, or it is somebody’s private one.{' '}
        <Link to="/analysis">Open the analysis without a view</Link>
      </NothingHere>
    </Page>
  );
}
