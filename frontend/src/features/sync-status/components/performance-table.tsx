/** The same figures as the charts, in numbers: one row a part of the range, newest first. */
import { RowsTable } from '@/components/rows-table/rows-table';
import { formatWhen, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Performance } from '../api/queries';
import { SERIES, told } from '../lib/series';
import classes from './table.module.css';

export function PerformanceTable({ performance }: { performance: Performance }) {
  const now = useNow('minute');
  return (
    <div className={classes.scroll}>
      <RowsTable className={classes.table} label="Performance over time">
        <thead>
          <tr>
            <th scope="col">From</th>
            {['Runs', 'Failed', ...SERIES.map(({ name }) => name), 'Calls', 'Credits'].map(
              (head) => (
                <th key={head} scope="col" data-number>
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {performance.parts.toReversed().map((part) => (
            <tr key={part.since}>
              <td data-strong>
                <time dateTime={part.since}>{formatWhen(new Date(part.since), now)}</time>
              </td>
              <Figures figures={part} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>Whole range</td>
            <Figures figures={performance.total} />
          </tr>
        </tfoot>
      </RowsTable>
    </div>
  );
}

function Figures({ figures }: { figures: Performance['total'] }) {
  return (
    <>
      <td data-number>{formatWhole(figures.runs)}</td>
      <td data-number>{formatWhole(figures.failed)}</td>
      {SERIES.map((series) => (
        <td key={series.name} data-number>
          {told(series, figures)}
        </td>
      ))}
      <td data-number>{formatWhole(figures.calls)}</td>
      <td data-number>{formatWhole(figures.credits)}</td>
    </>
  );
}
