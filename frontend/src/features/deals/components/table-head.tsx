/** The heads: a press orders by the column, a second one turns the order round. */
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ColumnLine } from '../api/queries';
import { headOf, isRight } from '../lib/columns';
import { nextSort } from '../lib/list-params';
import classes from './table.module.css';

type TableHeadProps = {
  columns: readonly ColumnLine[];
  sort: string;
  /** Sign of the base currency. */
  sign: string;
  onSort: (sort: string) => void;
};

export function TableHead({ columns, sort, sign, onSort }: TableHeadProps) {
  return (
    <div role="row" aria-rowindex={1} className={classes.head}>
      <div role="columnheader" className={classes.check}>
        <span className={classes.hidden}>Selected</span>
      </div>
      {columns.map((column) => {
        const isAscending = sort === column.key;
        const isOrdered = isAscending || sort === `-${column.key}`;
        const Arrow = isAscending ? IconArrowUp : IconArrowDown;
        const word = headOf(column, sign);
        const content = (
          <>
            {isOrdered && <Arrow size={13} stroke={1.7} aria-hidden />}
            {word || <span className={classes.hidden}>{column.label}</span>}
          </>
        );
        return (
          <div
            key={column.key}
            role="columnheader"
            aria-sort={isOrdered ? (isAscending ? 'ascending' : 'descending') : undefined}
            className={classes.cell}
            data-column={column.key}
            data-right={isRight(column) || undefined}
          >
            {column.is_sortable ? (
              <button
                type="button"
                className={classes.order}
                title={column.label}
                onClick={() => {
                  onSort(nextSort(sort, column.key));
                }}
              >
                {content}
              </button>
            ) : (
              content
            )}
          </div>
        );
      })}
    </div>
  );
}
