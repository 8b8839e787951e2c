/** One row: a check box, the deal's cells, and the link to its page. */
import { IconCheck } from '@tabler/icons-react';
import { memo, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { fromList } from '@/lib/deals-list';
import type { ColumnLine, DealRow } from '../api/queries';
import { useChangedCells } from '../lib/changed-cells';
import { isRight } from '../lib/columns';
import { Cell, type CellContext } from './cell';
import classes from './table.module.css';

export type RowProps = {
  row: DealRow;
  index: number;
  top: number;
  columns: readonly ColumnLine[];
  context: CellContext;
  /** Filters and order of the table, for the deal's page. */
  search: string;
  isSelected: boolean;
  isCursor: boolean;
  isNew: boolean;
  onToggle: (row: DealRow, index: number, toHere: boolean) => void;
  onCursor: (index: number) => void;
};

export const TableRow = memo(function TableRow(props: RowProps) {
  const { row, index, top, columns, context, search, isSelected, isCursor, isNew } = props;
  const changed = useChangedCells(row);
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isCursor && !isTyping()) line.current?.focus({ preventScroll: true });
  }, [isCursor]);
  const name = row.name ?? `Deal ${row.id}`;
  return (
    <div
      ref={line}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      tabIndex={isCursor ? 0 : -1}
      className={classes.row}
      data-selected={isSelected || undefined}
      data-new={isNew || undefined}
      data-gone={row.state === 'deleted' || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => {
        props.onCursor(index);
      }}
    >
      <div role="gridcell" className={classes.check}>
        <button
          type="button"
          role="checkbox"
          aria-checked={isSelected}
          aria-label={`Select ${name}`}
          tabIndex={-1}
          className={classes.box}
          onClick={(event) => {
            props.onToggle(row, index, event.shiftKey);
          }}
        >
          {isSelected && <IconCheck size={12} stroke={3} aria-hidden />}
        </button>
      </div>
      {columns.map((column) => (
        <div
          key={column.key}
          role="gridcell"
          className={classes.cell}
          data-column={column.key}
          data-right={isRight(column) || undefined}
          data-changed={changed.has(column.key) || undefined}
          title={titleOf(row, column)}
        >
          {column.key === 'name' ? (
            <Link
              to={`/deals/${row.id}`}
              state={fromList({ search })}
              className={classes.name}
              title={name}
            >
              {name}
            </Link>
          ) : (
            <Cell row={row} column={column} context={context} />
          )}
        </div>
      ))}
    </div>
  );
});

/** A row that comes into view must not take the focus out of a field. */
const isTyping = (): boolean =>
  document.activeElement?.closest('input, textarea, select, [role="dialog"]') != null;

/** Text that may be cut shows whole on hover. */
function titleOf(row: DealRow, { key, kind, is_crm_field }: ColumnLine): string | undefined {
  if (key === 'account' || key === 'owner') return row[key]?.name ?? undefined;
  if (key === 'stage') return row.stage?.label;
  if (kind !== 'text' && kind !== 'choices' && kind !== 'named') return undefined;
  const value = is_crm_field ? row.fields[key] : (row[key as keyof DealRow] as unknown);
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : undefined;
}

/** A row whose values are on their way. */
export function SkeletonRow({ top, columns }: { top: number; columns: readonly ColumnLine[] }) {
  return (
    <div className={classes.row} style={{ transform: `translateY(${top}px)` }} aria-hidden>
      <div className={classes.check} />
      {columns.map((column) => (
        <div
          key={column.key}
          className={classes.cell}
          data-column={column.key}
          data-right={isRight(column) || undefined}
        >
          <span className={classes.bone} />
        </div>
      ))}
    </div>
  );
}
