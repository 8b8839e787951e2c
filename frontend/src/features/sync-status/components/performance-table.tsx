/** The same figures as the charts, in numbers: one row a part of the range, newest first. */
import type { CSSProperties } from 'react';
import { ROW_HEIGHT, useDensity } from '@/lib/density';
import { formatWhen, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { Performance } from '../api/queries';
import { SERIES, told } from '../lib/series';
import classes from './table.module.css';

export function PerformanceTable({ performance }: { performance: Performance }) {
  const [density] = useDensity();
  const now = useNow('minute');
  const height = { '--row': `${ROW_HEIGHT[density]}px` } as CSSProperties;
  return (
    <div className={classes.scroll}>
      <table className={classes.table} style={height} aria-label="Performance over time">
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
      </table>
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
