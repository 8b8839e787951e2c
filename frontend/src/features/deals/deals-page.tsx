/** All deals of the mirror in one table: searched, filtered and ordered by the server, live. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { MomentChip } from '@/components/as-of/moment-chip';
import { momentOf } from '@/components/as-of/moments';
import { PastNote } from '@/components/as-of/past-note';
import { FiltersBar } from '@/components/deal-filters/filters-bar';
import { SearchBox } from '@/components/deal-filters/search-box';
import { ExportMenu } from '@/components/export-menu/export-menu';
import { Page } from '@/components/page/page';
import { PanelFailure } from '@/components/panel/query-panel';
import { ViewChanges } from '@/components/saved-views/view-changes';
import { ViewedList } from '@/components/saved-views/viewed-list';
import { ViewsMenu } from '@/components/saved-views/views-menu';
import { AS_OF, dealsAsked, hasFilters, withoutFilters } from '@/lib/deal-filters';
import { formatWhole, symbolOf } from '@/lib/format';
import { dealsSummary } from '@/lib/queries/deals';
import type { SavedView } from '@/lib/queries/views';
import { isSameQuery } from '@/lib/saved-views';
import type { List } from './api/queries';
import { ColumnChooser } from './components/column-chooser';
import classes from './components/deals-page.module.css';
import { DealsTable } from './components/deals-table';
import { EmptyTable } from './components/empty-table';
import { TableFoot } from './components/table-foot';
import { TableNote } from './components/table-note';
import {
  DEFAULT_SORT,
  hasHistory,
  listSearch,
  sortOf,
  tableSearch,
  viewQuery,
} from './lib/list-params';
import { useColumns } from './lib/use-columns';
import { useShownList } from './lib/use-rows';
import { useSelection } from './lib/use-selection';

const NO_RATES: never[] = [];

export default function DealsPage() {
  return (
    <ViewedList page="deals" title="Deals">
      {(view) => <Deals view={view} />}
    </ViewedList>
  );
}

function Deals({ view }: { view: SavedView | undefined }) {
  const [params, setParams] = useSearchParams();
  const columns = useColumns();
  const search = listSearch(params);
  const wholeSearch = tableSearch(params);
  const moment = momentOf(params.get(AS_OF));
  const isPast = moment !== null;
  const shownColumns = isPast ? columns.shown.filter(({ key }) => hasHistory(key)) : columns.shown;
  const asked = shownColumns.filter(({ is_crm_field }) => is_crm_field).map(({ key }) => key);
  const askedKeys = asked.join(',');
  const list = useMemo((): List => {
    const wanted = new URLSearchParams(wholeSearch);
    const sort = sortOf(wanted);
    return {
      filters: dealsAsked(wanted),
      sort: wanted.has(AS_OF) && !hasHistory(sort.replace(/^-/, '')) ? DEFAULT_SORT : sort,
      columns: askedKeys === '' ? [] : askedKeys.split(','),
    };
  }, [wholeSearch, askedKeys]);
  const { shown, first } = useShownList(list);
  const summary = useQuery(dealsSummary(shown.filters));
  const selection = useSelection();
  const rates = summary.data?.rates ?? NO_RATES;
  const context = useMemo(
    () => ({ today: columns.today, rates: { base: columns.base, rates } }),
    [columns.today, columns.base, rates],
  );

  const change = (after: URLSearchParams): void => {
    setParams(after, { replace: true });
  };
  const set = (name: string, value: string): void => {
    const after = new URLSearchParams(params);
    if (value === '') after.delete(name);
    else after.set(name, value);
    change(after);
  };
  const goTo = (instant: string | null): void => {
    selection.clear();
    set(AS_OF, instant ?? '');
  };
  const clear = (): void => {
    change(withoutFilters(params));
  };
  const exported = new URLSearchParams(search);
  const asOf = params.get('as_of');
  if (asOf !== null) exported.set('as_of', asOf);
  const shownKeys = columns.shown.map(({ key }) => key);
  const query = viewQuery(params, shownKeys);
  const isChanged =
    view !== undefined &&
    !isSameQuery(query, viewQuery(new URLSearchParams(view.query), shownKeys));
  const isEmpty = first.data?.items.length === 0;
  const counts =
    summary.data &&
    `${formatWhole(summary.data.count)} of ${formatWhole(summary.data.total_count)}`;

  return (
    <Page
      isWide
      title={view?.name ?? 'Deals'}
      beside={
        <>
          <span className={classes.counts}>{counts}</span>
          {isChanged && <ViewChanges view={view} query={query} />}
        </>
      }
      actions={
        <>
          <SearchBox
            text={params.get('q') ?? ''}
            onSearch={(text) => {
              set('q', text);
            }}
          />
          <Button component={Link} to="/deals/search">
            Search in the CRM
          </Button>
          <ColumnChooser columns={columns} />
          <ViewsMenu page="deals" view={view} query={query} isChanged={isChanged} />
          <ExportMenu kinds={['deals']} query={exported.toString()} columns={shownKeys} />
        </>
      }
    >
      <FiltersBar
        columns={columns.all}
        params={params}
        onChange={change}
        isPast={isPast}
        note={
          <span className={classes.beside}>
            <TableNote
              sort={list.sort}
              columns={columns.all}
              summary={summary.data}
              tookMs={first.data?.tookMs}
            />
            <MomentChip
              label="As of"
              value={params.get(AS_OF)}
              onChange={goTo}
              earliest={summary.data?.history_began}
            />
          </span>
        }
      />
      {isPast && (
        <div className={classes.past}>
          <PastNote
            moment={moment}
            what="Deals"
            onBack={() => {
              goTo(null);
            }}
          />
        </div>
      )}
      {first.isError && first.data === undefined ? (
        <PanelFailure
          error={first.error}
          failed="The deals could not be read"
          failedAt={first.errorUpdatedAt}
          onRetry={() => void first.refetch()}
        />
      ) : isEmpty ? (
        <EmptyTable isFiltered={hasFilters(params)} isPast={isPast} onClear={clear} />
      ) : (
        <DealsTable
          list={shown}
          columns={shownColumns}
          isPast={isPast}
          context={context}
          sign={columns.base === undefined ? '' : symbolOf(columns.base)}
          search={search}
          selection={selection}
          isWaiting={shown !== list}
          onSort={(sort) => {
            set('sort', sort === DEFAULT_SORT ? '' : sort);
          }}
          foot={
            <TableFoot
              summary={summary.data}
              hasFailed={summary.isError}
              selection={selection}
              columns={columns.all}
              today={columns.today}
            />
          }
        />
      )}
    </Page>
  );
}
