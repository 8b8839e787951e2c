/** All deals of the mirror in one table: searched, filtered and ordered by the server, live. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { FiltersBar } from '@/components/deal-filters/filters-bar';
import { SearchBox } from '@/components/deal-filters/search-box';
import { ExportMenu } from '@/components/export-menu/export-menu';
import { Page } from '@/components/page/page';
import { PanelFailure } from '@/components/panel/query-panel';
import { filtersOf, hasFilters, withoutFilters } from '@/lib/deal-filters';
import { formatWhole, symbolOf } from '@/lib/format';
import { dealsSummary } from '@/lib/queries/deals';
import type { List } from './api/queries';
import { ColumnChooser } from './components/column-chooser';
import classes from './components/deals-page.module.css';
import { DealsTable } from './components/deals-table';
import { EmptyTable } from './components/empty-table';
import { TableFoot } from './components/table-foot';
import { TableNote } from './components/table-note';
import { DEFAULT_SORT, listSearch, sortOf } from './lib/list-params';
import { useColumns } from './lib/use-columns';
import { useShownList } from './lib/use-rows';
import { useSelection } from './lib/use-selection';

const NO_RATES: never[] = [];

export default function DealsPage() {
  const [params, setParams] = useSearchParams();
  const columns = useColumns();
  const search = listSearch(params);
  const asked = columns.shown.filter(({ is_crm_field }) => is_crm_field).map(({ key }) => key);
  const askedKeys = asked.join(',');
  const list = useMemo((): List => {
    const wanted = new URLSearchParams(search);
    return {
      filters: filtersOf(wanted),
      sort: sortOf(wanted),
      columns: askedKeys === '' ? [] : askedKeys.split(','),
    };
  }, [search, askedKeys]);
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
  const clear = (): void => {
    change(withoutFilters(params));
  };
  const exported = new URLSearchParams(search);
  const asOf = params.get('as_of');
  if (asOf !== null) exported.set('as_of', asOf);
  const isEmpty = first.data?.items.length === 0;
  const counts =
    summary.data &&
    `${formatWhole(summary.data.count)} of ${formatWhole(summary.data.total_count)}`;

  return (
    <Page
      isWide
      title="Deals"
      beside={<span className={classes.counts}>{counts}</span>}
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
          <ExportMenu
            kinds={['deals']}
            query={exported.toString()}
            columns={columns.shown.map(({ key }) => key)}
          />
        </>
      }
    >
      <FiltersBar
        columns={columns.all}
        params={params}
        onChange={change}
        note={
          <TableNote
            sort={list.sort}
            columns={columns.all}
            summary={summary.data}
            tookMs={first.data?.tookMs}
          />
        }
      />
      {first.isError && first.data === undefined ? (
        <PanelFailure
          error={first.error}
          failed="The deals could not be read"
          failedAt={first.errorUpdatedAt}
          onRetry={() => void first.refetch()}
        />
      ) : isEmpty ? (
        <EmptyTable isFiltered={hasFilters(params)} onClear={clear} />
      ) : (
        <DealsTable
          list={shown}
          columns={columns.shown}
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
