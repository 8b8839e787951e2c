/** The list: a dense table, on a phone three lines each; the next part is read as one scrolls. */
import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useMediaQuery } from '@mantine/hooks';
import { RowsTable } from '@/components/rows-table/rows-table';
import { symbolOf } from '@/lib/format';
import { useShortcuts } from '@/lib/keys';
import { useNow } from '@/lib/now';
import type { Opportunity } from '@/lib/queries/opportunities';
import { PhoneRow, Row } from './rows';
import classes from './opportunities.module.css';

const PHONE = '(max-width: 37.49em)';

type Column = { key: string; label: string; sort?: string; isNumber?: boolean };

const columnsOf = (base: string): readonly Column[] => [
  { key: 'health', label: 'Health', sort: 'health' },
  { key: 'name', label: 'Opportunity', sort: 'name' },
  { key: 'phase', label: 'Phase', sort: 'phase' },
  { key: 'days', label: 'Days', sort: 'days_in_phase', isNumber: true },
  { key: 'next', label: 'Next milestone' },
  { key: 'reason', label: 'Reason' },
  { key: 'step', label: 'Next step' },
  { key: 'score', label: 'Score', sort: 'score', isNumber: true },
  { key: 'owner', label: 'Owner', sort: 'owner' },
  { key: 'value', label: `Value ${symbolOf(base)}`, sort: 'value', isNumber: true },
];

type TableProps = {
  rows: readonly Opportunity[];
  search: string;
  base: string;
  sort: string;
  onSort: (sort: string) => void;
  isWaiting: boolean;
  /** Reads the next part; undefined where the list ends. */
  more: { isLoading: boolean; show: () => void } | undefined;
};

export function OpportunitiesTable(props: TableProps) {
  const { rows, search, base, isWaiting, more } = props;
  const frame = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const now = useNow('minute');
  useShortcuts([
    {
      keys: 'j',
      does: 'Next opportunity',
      run: () => {
        focusBeside(frame.current, 1);
      },
    },
    {
      keys: 'k',
      does: 'Previous opportunity',
      run: () => {
        focusBeside(frame.current, -1);
      },
    },
  ]);
  const line = (row: Opportunity, place: number) => ({ row, place, search, now });
  return (
    <div ref={frame} className={classes.frame} aria-busy={isWaiting}>
      {isPhone ? (
        <ul className={classes.list} aria-label="Opportunities">
          {rows.map((row, place) => (
            <PhoneRow key={row.id} {...line(row, place)} base={base} />
          ))}
        </ul>
      ) : (
        <RowsTable label="Opportunities" className={classes.table}>
          <thead>
            <tr>
              {columnsOf(base).map((column) => (
                <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <Row key={row.id} {...line(row, place)} />
            ))}
          </tbody>
        </RowsTable>
      )}
      {more && <More {...more} />}
    </div>
  );
}

/** Moves the focus from one opportunity of a list to another; from elsewhere to the first. */
function focusBeside(list: HTMLElement | null, by: number): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('[data-opportunity]') ?? [])];
  const at = links.findIndex((link) => link === document.activeElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function Head(props: { column: Column; sort: string; onSort: (sort: string) => void }) {
  const { column, sort, onSort } = props;
  const isHere = column.sort !== undefined && sort.replace(/^-/, '') === column.sort;
  const isDown = sort.startsWith('-');
  const Arrow = isDown ? IconArrowDown : IconArrowUp;
  // Great figures are asked for first, words from the beginning.
  const first = column.isNumber && column.key !== 'score' ? `-${column.sort}` : column.sort;
  const other = isDown ? column.sort : `-${column.sort}`;
  return (
    <th
      scope="col"
      data-number={column.isNumber}
      data-column={column.key}
      {...(isHere && { 'aria-sort': isDown ? 'descending' : 'ascending' })}
    >
      {column.sort === undefined ? (
        column.label
      ) : (
        <button
          type="button"
          className={classes.order}
          onClick={() => {
            onSort((isHere ? other : first) ?? '');
          }}
        >
          {column.label}
          {isHere && <Arrow size={12} stroke={1.9} aria-hidden />}
        </button>
      )}
    </th>
  );
}

/** A button that presses itself once it comes into view. */
function More({ isLoading, show }: { isLoading: boolean; show: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const press = useRef(show);
  useEffect(() => {
    press.current = show;
  });
  useEffect(() => {
    if (isLoading || button.current === null) return undefined;
    const watcher = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) press.current();
    });
    watcher.observe(button.current);
    return () => {
      watcher.disconnect();
    };
  }, [isLoading]);
  return (
    <Button ref={button} loading={isLoading} onClick={show} className={classes.more ?? ''}>
      Show more
    </Button>
  );
}
