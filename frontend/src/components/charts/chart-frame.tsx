/** What every chart has: a name that tells its conclusion, and the same figures as a table. */
import { type ReactNode, useId, useState } from 'react';
import classes from './chart-frame.module.css';

type ChartFrameProps = {
  /** What the chart shows and what follows from it, as a sentence. */
  conclusion: string;
  chart: ReactNode;
  table: ReactNode;
  /** At the left under the chart. */
  note?: ReactNode;
};

export function ChartFrame({ conclusion, chart, table, note }: ChartFrameProps) {
  const [isTable, showTable] = useState(false);
  const id = useId();
  return (
    <figure className={classes.frame} aria-label={conclusion}>
      <div id={id}>{isTable ? table : chart}</div>
      <div className={classes.under}>
        <span className={classes.note}>{note}</span>
        <button
          type="button"
          className={classes.toggle}
          aria-pressed={isTable}
          aria-controls={id}
          onClick={() => {
            showTable(!isTable);
          }}
        >
          {isTable ? 'Show as chart' : 'Show as table'}
        </button>
      </div>
    </figure>
  );
}
