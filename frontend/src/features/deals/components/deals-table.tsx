/** The table: only the rows on screen exist, each at its place in the whole. */
import { useMediaQuery } from '@mantine/hooks';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ROW_HEIGHT, useDensity } from '@/lib/density';
import { fromList } from '@/lib/deals-list';
import { useNow } from '@/lib/now';
import type { ColumnLine, DealRow, List } from '../api/queries';
import { leastWidthOf, tracksOf } from '../lib/columns';
import { useCellEditing } from '../lib/use-cell-editing';
import { useFill } from '../lib/use-fill';
import { useRows } from '../lib/use-rows';
import { useScrollPlace } from '../lib/use-scroll-place';
import type { Selection } from '../lib/use-selection';
import { useTableKeys } from '../lib/use-table-keys';
import type { CellContext } from './cell';
import { PHONE_ROW, PhoneRow, PhoneSkeleton } from './phone-row';
import { TableHead } from './table-head';
import { SkeletonRow, TableRow } from './table-row';
import classes from './table.module.css';

type DealsTableProps = {
  list: List;
  columns: readonly ColumnLine[];
  context: Omit<CellContext, 'now'>;
  sign: string;
  search: string;
  selection: Selection;
  isWaiting: boolean;
  /** Rows of a past moment: nothing to select, nothing to edit. */
  isPast: boolean;
  onSort: (sort: string) => void;
  foot: React.ReactNode;
};

const OVERSCAN = 8;
const PHONE = '(max-width: 37.49em)';

export function DealsTable(props: DealsTableProps) {
  const { list, columns, search, selection, isWaiting, isPast } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const [density] = useDensity();
  const height = isPhone ? PHONE_ROW : ROW_HEIGHT[density];
  const now = useNow('minute');
  const navigate = useNavigate();
  const [cursor, setCursor] = useState<number | null>(null);
  const [cell, setCell] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const [range, setRange] = useState({ first: 0, last: 40 });
  const [of, setOf] = useState(list);
  if (of !== list) {
    setOf(list);
    setCursor(null);
    setCell(null);
    setAnchor(null);
  }
  const rows = useRows(list, range);
  const place = useScrollPlace(scroller, search);
  const [frame, frameHeight] = useFill();
  const edits = useCellEditing(isPast);
  const edited = edits.editing?.id;

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is memoized here
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    initialOffset: place,
    // A row that is edited stays, however far one scrolls.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const kept = edited === undefined ? -1 : (cursor ?? -1);
      return kept < 0 || kept >= rows.count || shown.includes(kept)
        ? shown
        : [...shown, kept].toSorted((one, other) => one - other);
    },
    onChange: ({ range: shown }) => {
      if (shown) {
        setRange(({ first, last }) =>
          first === shown.startIndex && last === shown.endIndex
            ? { first, last }
            : { first: shown.startIndex, last: shown.endIndex },
        );
      }
    },
  });
  const { measure, scrollToIndex } = virtual;
  useEffect(measure, [measure, height]);

  const moveTo = (index: number): void => {
    setCursor(index);
    scrollToIndex(index, { align: 'auto' });
  };
  const { toggle, add, clear } = selection;
  const rowAt = rows.rowAt;
  const pick = useCallback(
    (row: DealRow, index: number, toHere: boolean) => {
      if (isPast) return;
      if (toHere && anchor !== null) {
        const [from, to] = anchor < index ? [anchor, index] : [index, anchor];
        const between = Array.from({ length: to - from + 1 }, (_, at) => rowAt(from + at));
        add(between.filter((each) => each !== undefined));
      } else {
        toggle(row);
      }
      setAnchor(index);
    },
    [anchor, add, toggle, rowAt, isPast],
  );
  const atCursor = (run: (row: DealRow, index: number) => void) => (): void => {
    const row = cursor === null ? undefined : rowAt(cursor);
    if (cursor !== null && row !== undefined) run(row, cursor);
  };
  const onKeyDown = useTableKeys({
    count: rows.count,
    cursor,
    moveTo,
    toggle: atCursor((row, index) => {
      pick(row, index, false);
    }),
    toggleToHere: atCursor((row, index) => {
      pick(row, index, true);
    }),
    open: atCursor((row) => void navigate(`/deals/${row.id}`, { state: fromList({ search }) })),
    clear,
    moveCell: (by) => {
      const at = columns.findIndex(({ key }) => key === cell);
      setCell(columns[Math.min(at + by, columns.length - 1)]?.key ?? null);
    },
    edit: atCursor((row) => {
      const wanted = columns.find(({ key }) => key === cell);
      const first = wanted ?? columns.find((column) => edits.mayEdit(row, column));
      if (first === undefined) return;
      setCell(first.key);
      edits.begin(row, first);
    }),
  });
  const onCursor = useCallback((index: number, at: string | null) => {
    setCursor(index);
    setCell(at);
  }, []);
  const context = { ...props.context, now };

  return (
    <div ref={frame} className={classes.frame} style={{ height: frameHeight }}>
      {isWaiting && <div className={classes.line} aria-hidden />}
      <div
        ref={scroller}
        className={classes.scroller}
        // A table that scrolls must be reached by keys, also before a row has the focus.
        tabIndex={cursor === null ? 0 : -1}
        role="grid"
        aria-multiselectable
        aria-label="Deals"
        aria-rowcount={rows.count + 1}
        aria-busy={isWaiting}
        onKeyDown={onKeyDown}
        style={{ '--tracks': tracksOf(columns), '--row': `${height}px` } as React.CSSProperties}
      >
        <div
          className={classes.table}
          role="presentation"
          style={isPhone ? undefined : { minWidth: leastWidthOf(columns) }}
        >
          {!isPhone && (
            <TableHead columns={columns} sort={list.sort} sign={props.sign} onSort={props.onSort} />
          )}
          <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const row = rowAt(index);
              if (row === undefined) {
                return isPhone ? (
                  <PhoneSkeleton key={`at-${index}`} top={start} />
                ) : (
                  <SkeletonRow key={`at-${index}`} top={start} columns={columns} />
                );
              }
              return isPhone ? (
                <PhoneRow key={row.id} {...{ row, index, context, search }} top={start} />
              ) : (
                <TableRow
                  key={row.id}
                  {...{ row, index, columns, context, search }}
                  top={start}
                  isPast={isPast}
                  isSelected={selection.has(row.id)}
                  isCursor={cursor === index}
                  isNew={rows.isNew(index)}
                  cell={cursor === index ? cell : null}
                  editing={edited === row.id ? edits.editing : null}
                  editor={edits}
                  onToggle={pick}
                  onCursor={onCursor}
                  onEdit={edits.begin}
                />
              );
            })}
          </div>
        </div>
      </div>
      {props.foot}
    </div>
  );
}
