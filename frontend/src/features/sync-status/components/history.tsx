/** Sync History: all runs of the range, filtered and paged; J and K go from row to row. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useRef } from 'react';
import { Link } from 'react-router';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { counted, formatWhole } from '@/lib/format';
import { useShortcuts } from '@/lib/keys';
import { historyQuery } from '../api/queries';
import { PAGE_ROWS, type Search } from '../lib/search';
import { RANGE_WORDS } from '../lib/words';
import { FilterChips } from './filter-chips';
import classes from './history.module.css';
import { Runs } from './runs';

const SKELETON_ROWS = 12;
const NO_FILTER = { status: null, kind: null, trigger: null, page: null };

export function History({ search }: { search: Search }) {
  const query = useQuery(historyQuery(search.range, search.filter, search.page));
  const rows = useRef<HTMLDivElement>(null);
  useRowKeys(rows);
  const isFiltered = Object.values(search.filter).some((chosen) => chosen.length > 0);
  return (
    <section aria-label="Sync History" className={classes.history}>
      <div className={classes.head}>
        <FilterChips search={search} byStatus={query.data?.by_status} />
        {query.data && (
          <span className={classes.count} role="status">
            {counted(query.data.count, 'run')} in {RANGE_WORDS[search.range]}
          </span>
        )}
      </div>
      <QueryPanel
        query={query}
        failed="The history could not be read"
        minHeight={400}
        skeleton={Array.from({ length: SKELETON_ROWS }, (_, row) => (
          <Skeleton key={row} height={16} my={16} />
        ))}
      >
        {(page) =>
          page.items.length === 0 ? (
            <NothingHere>
              {isFiltered || search.page > 1 ? (
                <>
                  No runs match these filters. <Link to={search.to(NO_FILTER)}>Clear filters</Link>
                </>
              ) : (
                `No sync has run in ${RANGE_WORDS[search.range]}.`
              )}
            </NothingHere>
          ) : (
            <div ref={rows}>
              <Runs
                runs={page.items}
                label="Sync History"
                to={(run) => search.to({ run: run.id })}
              />
              <Pager count={page.count} rows={page.items.length} search={search} />
            </div>
          )
        }
      </QueryPanel>
    </section>
  );
}

function Pager({ count, rows, search }: { count: number; rows: number; search: Search }) {
  if (count <= PAGE_ROWS) return null;
  const first = (search.page - 1) * PAGE_ROWS;
  return (
    <nav className={classes.pager} aria-label="Pages of the history">
      <span>
        {formatWhole(first + 1)} to {formatWhole(first + rows)} of {formatWhole(count)}
      </span>
      <Button
        disabled={search.page === 1}
        onClick={() => {
          search.go({ page: search.page === 2 ? null : String(search.page - 1) });
        }}
      >
        Newer
      </Button>
      <Button
        disabled={first + rows >= count}
        onClick={() => {
          search.go({ page: String(search.page + 1) });
        }}
      >
        Older
      </Button>
    </nav>
  );
}

function useRowKeys(rows: RefObject<HTMLDivElement | null>): void {
  const move = (by: 1 | -1): void => {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('a[data-row-link]') ?? [])];
    const here = links.findIndex((link) => link === document.activeElement);
    const next = here === -1 ? (by === 1 ? 0 : links.length - 1) : here + by;
    links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
  };
  useShortcuts([
    {
      keys: 'j',
      does: 'Next row',
      run: () => {
        move(1);
      },
    },
    {
      keys: 'k',
      does: 'Row before',
      run: () => {
        move(-1);
      },
    },
  ]);
}
