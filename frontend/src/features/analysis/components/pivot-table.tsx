/** The table of a breakdown: figures with the heat of their size, totals, what each row was. */
import { Fragment, useState } from 'react';
import { formatDay, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import { type Breakdown, greatestOf, type Layout } from '../lib/pivot';
import { PivotRow } from './pivot-row';
import { Figures } from './pivot-figures';
import classes from './pivot.module.css';

/** More rows than these are shown when asked for. */
const ROWS_AT_FIRST = 15;

type PivotTableProps = {
  breakdown: Breakdown;
  label: string;
  rowsLabel: string;
  layout: Layout;
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
};

export function PivotTable(props: PivotTableProps) {
  const { breakdown, label, rowsLabel, layout, params, onChange } = props;
  const [isWhole, showWhole] = useState(false);
  const now = useNow('minute');
  const { rows, columns, total, comparison } = breakdown;
  const shown = isWhole ? rows : rows.slice(0, ROWS_AT_FIRST);
  const against =
    comparison.compared_with === null ? null : formatDay(dayOf(comparison.compared_with), now);
  const context = { breakdown, greatest: greatestOf(rows), hasAgainst: against !== null };
  return (
    <>
      <div className={classes.scroll}>
        <table className={classes.pivot} aria-label={label}>
          <thead>
            <tr>
              <th scope="col">{rowsLabel}</th>
              <th scope="col">Deals</th>
              {columns.map((column) => (
                <th key={`${column.kind} ${column.key ?? ''}`} scope="col">
                  <Breakable text={column.label} />
                </th>
              ))}
              <th scope="col" className={classes.total}>
                Total
              </th>
              {against !== null && <th scope="col">Against {against}</th>}
              <th scope="col">Weighted</th>
              <th scope="col">Weighted %</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <PivotRow
                key={`${row.heading.kind} ${row.heading.key ?? ''}`}
                row={row}
                above={{ path: '', headings: [], dimensions: [layout.rows] }}
                context={context}
                layout={layout}
                params={params}
                onChange={onChange}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              <Figures line={total} params={params} context={context} isTotal />
            </tr>
          </tfoot>
        </table>
      </div>
      {rows.length > shown.length && (
        <button
          type="button"
          className={classes.more}
          onClick={() => {
            showWhole(true);
          }}
        >
          Show all {formatWhole(rows.length)}
        </button>
      )}
    </>
  );
}

/** A name that may go on in another line behind a slash. */
function Breakable({ text }: { text: string }) {
  return text.split('/').map((part, place) => (
    <Fragment key={place}>
      {place > 0 && (
        <>
          /<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}

/** The day of a moment, where the reader is. */
function dayOf(instant: string): string {
  const moment = new Date(instant);
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].join('-');
}
