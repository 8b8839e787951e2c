/** The figures of a row or of the whole: each opens its deals, cells are as dark as they are great. */
import type { CSSProperties, ReactNode } from 'react';
import { Link } from 'react-router';
import { formatWhole, NONE } from '@/lib/format';
import { dealsAddress } from '@/lib/pipeline-address';
import {
  againstOf,
  type Breakdown,
  countedParams,
  figureWords,
  groupParams,
  heatOf,
  type Line,
  percentWords,
} from '../lib/pivot';
import classes from './pivot.module.css';

export type PivotContext = { breakdown: Breakdown; greatest: number; hasAgainst: boolean };

type FiguresProps = {
  line: Line;
  /** Finds the row's deals; null where filters cannot say them. */
  params: URLSearchParams | null;
  context: PivotContext;
  isTotal?: boolean;
};

export function Figures({ line, params, context, isTotal = false }: FiguresProps) {
  const { breakdown, greatest, hasAgainst } = context;
  const { measure, columns } = breakdown;
  const { figure } = line;
  const against = againstOf(figure, measure);
  const counted = params && countedParams(params, breakdown);
  const shown = (value: number | null): string =>
    value === null ? NONE : figureWords(value, measure);
  return (
    <>
      <td className={classes.deals}>
        <Opening params={params}>{formatWhole(line.deals)}</Opening>
      </td>
      {line.cells.map((cell, place) => {
        const column = columns[place];
        const heat = isTotal ? null : heatOf(cell?.figure ?? null, greatest);
        return (
          <td
            key={column === undefined ? place : `${column.kind} ${column.key ?? ''}`}
            className={classes.cell}
            data-warm={heat !== null || undefined}
            style={
              heat === null ? undefined : ({ '--heat': `${heat.toFixed(1)}%` } as CSSProperties)
            }
          >
            {cell !== null && (
              <Opening params={counted && column ? groupParams(counted, column) : null}>
                {shown(cell.figure)}
              </Opening>
            )}
          </td>
        );
      })}
      <td className={classes.total}>
        <Opening params={counted}>{shown(figure.now)}</Opening>
      </td>
      {hasAgainst && (
        <td className={classes.against} data-direction={against?.direction}>
          {against?.words ?? NONE}
        </td>
      )}
      <td className={classes.weighted}>{formatWhole(line.weighted)}</td>
      <td className={classes.weighted}>
        {line.weighted_percent === null ? NONE : percentWords(line.weighted_percent)}
      </td>
    </>
  );
}

/** A figure that opens its deals, where filters can say which they are. */
function Opening({ params, children }: { params: URLSearchParams | null; children: ReactNode }) {
  return params === null ? children : <Link to={dealsAddress(params)}>{children}</Link>;
}
