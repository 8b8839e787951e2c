/** One row: a check box, the deal's cells, and the link to its page. */
import { IconCheck } from '@tabler/icons-react';
import { memo, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { localMinute } from '@/components/field-inputs/typed-day';
import { fromList } from '@/lib/deals-list';
import { markWords } from '@/lib/mark-words';
import type { ColumnLine, DealRow } from '../api/queries';
import { useChangedCells } from '../lib/changed-cells';
import { isRight } from '../lib/columns';
import type { CellEditing, Editing } from '../lib/use-cell-editing';
import { Cell, type CellContext } from './cell';
import { CellEditor } from './cell-editor';
import classes from './table.module.css';

export type RowProps = {
  row: DealRow;
  index: number;
  top: number;
  columns: readonly ColumnLine[];
  context: CellContext;
  /** Filters and order of the table, for the deal's page. */
  search: string;
  /** It can neither be selected nor edited. */
  isPast: boolean;
  isSelected: boolean;
  isCursor: boolean;
  isNew: boolean;
  /** Key of the column whose cell has the focus. */
  cell: string | null;
  /** What is edited, if it is a cell of this row. */
  editing: Editing | null;
  editor: Pick<CellEditing, 'leave' | 'save'>;
  onToggle: (row: DealRow, index: number, toHere: boolean) => void;
  onCursor: (index: number, cell: string | null) => void;
  onEdit: (row: DealRow, column: ColumnLine) => boolean;
};

export const TableRow = memo(function TableRow(props: RowProps) {
  const { row, index, top, columns, context, search, isSelected, isCursor, isNew } = props;
  const changed = useChangedCells(row);
  const line = useRef<HTMLDivElement>(null);
  const { cell, editing } = props;
  const isEdited = editing !== null;
  useEffect(() => {
    if (!isCursor || isEdited || isTyping()) return;
    const place = cell === null ? null : `[data-column="${CSS.escape(cell)}"]`;
    const target = place === null ? line.current : line.current?.querySelector<HTMLElement>(place);
    target?.focus({ preventScroll: true });
  }, [isCursor, cell, isEdited]);
  const name = row.name ?? `Deal ${row.id}`;
  const shown = (column: ColumnLine) =>
    column.key === 'name' ? (
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
    );
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
      onFocus={(event) => {
        const { column } = event.target.dataset;
        if (event.target === line.current) props.onCursor(index, null);
        else if (column !== undefined) props.onCursor(index, column);
      }}
    >
      <div role="gridcell" className={classes.check}>
        {!props.isPast && (
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
        )}
      </div>
      {columns.map((column) => (
        <div
          key={column.key}
          role="gridcell"
          className={classes.cell}
          data-column={column.key}
          data-right={isRight(column) || undefined}
          data-changed={changed.has(column.key) || undefined}
          data-mark={row.marks?.[column.key]?.state}
          tabIndex={-1}
          title={titleOf(row, column, context.now)}
          onDoubleClick={(event) => {
            // The words under the pointer are not what is wanted.
            if (props.onEdit(row, column)) event.preventDefault();
          }}
        >
          {editing?.column.key === column.key && typeof column.api_name === 'string' ? (
            <CellEditor
              dealId={row.id}
              field={column.api_name}
              today={context.today ?? dayOf(context.now)}
              draft={editing.draft}
              onSave={props.editor.save}
              onLeave={props.editor.leave}
            >
              {shown(column)}
            </CellEditor>
          ) : (
            shown(column)
          )}
        </div>
      ))}
    </div>
  );
});

/** A row that comes into view must not take the focus out of a field. */
const isTyping = (): boolean =>
  document.activeElement?.closest('input, textarea, select, [role="dialog"]') != null;

const dayOf = (moment: Date): string => localMinute(moment).slice(0, 10);

/** Text that may be cut shows whole on hover; a mark says the other value, who and when. */
function titleOf(row: DealRow, column: ColumnLine, now: Date): string | undefined {
  const { key, kind, is_crm_field } = column;
  const mark = row.marks?.[key];
  if (mark !== undefined) return markWords(mark, now);
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
