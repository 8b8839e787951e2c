/** `/o2r/opportunities`: the deals on their way to revenue, worst first, with reason and next step. */
import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { momentOf } from '@/components/as-of/moments';
import { FiltersBar } from '@/components/deal-filters/filters-bar';
import { SearchBox } from '@/components/deal-filters/search-box';
import { ExportMenu } from '@/components/export-menu/export-menu';
import { Page } from '@/components/page/page';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { ViewChanges } from '@/components/saved-views/view-changes';
import { ViewedList } from '@/components/saved-views/viewed-list';
import { ViewsMenu } from '@/components/saved-views/views-menu';
import { AS_OF } from '@/lib/deal-filters';
import { formatWhole } from '@/lib/format';
import {
  askedOf,
  DEFAULT_SORT,
  inOwnWords,
  isFiltered,
  listSearch,
  withoutAllFilters,
} from '@/lib/opportunities-list';
import { dealsColumns } from '@/lib/queries/deals';
import { opportunitiesQuery, opportunitiesSummary } from '@/lib/queries/opportunities';
import type { SavedView } from '@/lib/queries/views';
import { isSameQuery } from '@/lib/saved-views';
import { Foot } from './components/foot';
import { Lede } from './components/lede';
import { NowNote } from './components/now-note';
import { OpportunitiesTable } from './components/opportunities-table';
import classes from './components/opportunities.module.css';
import { OwnChip } from './components/own-chip';
import { ownFilters } from './lib/own-filters';

/** Territories are regions. */
const PINNED = ['region', 'solution'];

export default function OpportunitiesPage() {
  return (
    <ViewedList page="opportunities" title="Opportunities">
      {(view) => <Opportunities view={view} />}
    </ViewedList>
  );
}

function Opportunities({ view }: { view: SavedView | undefined }) {
  const [address, setAddress] = useSearchParams();
  const params = inOwnWords(address);
  const asked = askedOf(params);
  const { sort = DEFAULT_SORT, ...filters } = asked;
  const rows = useInfiniteQuery(opportunitiesQuery(asked));
  const summary = useQuery(opportunitiesSummary(filters));
  const columns = useQuery(dealsColumns);
  const base = summary.data?.base_currency ?? columns.data?.base_currency ?? '';
  const change = (after: URLSearchParams): void => {
    setAddress(after, { replace: true });
  };
  const set = (name: string, value: string): void => {
    const after = new URLSearchParams(params);
    if (value === '') after.delete(name);
    else after.set(name, value);
    change(after);
  };
  const moment = momentOf(params.get(AS_OF));
  const query = listSearch(params);
  const isChanged =
    view !== undefined && !isSameQuery(query, listSearch(new URLSearchParams(view.query)));
  const counts =
    summary.data && `${formatWhole(summary.data.count)} of ${formatWhole(summary.data.all_count)}`;
  return (
    <Page
      isWide
      title={view?.name ?? 'Opportunities'}
      beside={
        <>
          <span className={classes.counts}>{counts}</span>
          {isChanged && <ViewChanges view={view} query={query} />}
        </>
      }
      lede={
        summary.data === undefined ? (
          <Skeleton component="span" height={12} width={360} my={5} display="inline-block" />
        ) : (
          <Lede summary={summary.data} params={params} />
        )
      }
      actions={
        <>
          <SearchBox
            text={params.get('q') ?? ''}
            onSearch={(text) => {
              set('q', text);
            }}
          />
          <ViewsMenu page="opportunities" view={view} query={query} isChanged={isChanged} />
          <ExportMenu kinds={['opportunities']} query={query} />
        </>
      }
    >
      {moment !== null && (
        <NowNote
          moment={moment}
          params={params}
          onDismiss={() => {
            set(AS_OF, '');
          }}
        />
      )}
      <div className={classes.filters}>
        <div className={classes.chips} role="group" aria-label="Filters of opportunities">
          {ownFilters(columns.data?.today)
            .filter((filter) => filter.isPinned || params.has(filter.key))
            .map((filter) => (
              <OwnChip key={filter.key} filter={filter} params={params} onChange={change} />
            ))}
        </div>
        <FiltersBar
          columns={columns.data?.columns ?? []}
          params={params}
          onChange={change}
          pinned={PINNED}
        />
      </div>
      <QueryPanel
        query={rows}
        failed="The opportunities could not be read"
        minHeight={320}
        skeleton={<Waiting />}
      >
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Nothing
                isFiltered={isFiltered(params)}
                onClear={() => {
                  change(withoutAllFilters(params));
                }}
              />
            );
          }
          return (
            <OpportunitiesTable
              rows={items}
              search={query}
              base={base}
              sort={sort}
              onSort={(wanted) => {
                set('sort', wanted === DEFAULT_SORT ? '' : wanted);
              }}
              isWaiting={rows.isPlaceholderData}
              more={
                rows.hasNextPage
                  ? { isLoading: rows.isFetchingNextPage, show: () => void rows.fetchNextPage() }
                  : undefined
              }
            />
          );
        }}
      </QueryPanel>
      {summary.data !== undefined && summary.data.count > 0 && (
        <Foot summary={summary.data} search={query} />
      )}
    </Page>
  );
}

function Nothing({ isFiltered: is, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return (
    <div className={classes.chips}>
      <NothingHere>
        {is ? (
          <>
            No opportunities match these filters.{' '}
            <Button variant="subtle" onClick={onClear}>
              Clear filters
            </Button>
          </>
        ) : (
          'No opportunities yet: every deal is lost, or its revenue is recognised.'
        )}
      </NothingHere>
    </div>
  );
}

function Waiting() {
  return (
    <div className={classes.chips}>
      {Array.from({ length: 12 }, (_, at) => (
        <Skeleton key={at} height={14} mt={14} width={`${96 - (at % 4) * 7}%`} />
      ))}
    </div>
  );
}
