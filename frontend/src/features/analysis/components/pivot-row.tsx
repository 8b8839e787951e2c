/** A row of the pivot; once it is opened, the rows that it is made of, and below them their deals. */
import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { wordsOf } from '@/lib/api';
import { breakdownQuery } from '../api/queries';
import { questionOf } from '@/lib/pipeline-address';
import {
  type Breakdown,
  groupParams,
  type Heading,
  type Layout,
  nextDimension,
  pathOf,
} from '../lib/pivot';
import { Figures, type PivotContext } from './pivot-figures';
import { RowDeals } from './pivot-deals';
import classes from './pivot.module.css';

type Above = { path: string; headings: readonly Heading[]; dimensions: readonly string[] };

type PivotRowProps = {
  row: Breakdown['rows'][number];
  above: Above;
  context: PivotContext;
  layout: Layout;
  /** The address; which rows are open stands in it. */
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
};

export function PivotRow({ row, above, context, layout, params, onChange }: PivotRowProps) {
  const { heading } = row;
  const path = pathOf(above.path, heading);
  const headings = [...above.headings, heading];
  const own = groupParams(params, ...headings);
  const isOpen = own !== null && params.getAll('open').includes(path);
  const depth = above.headings.length;
  const next = nextDimension(above.dimensions);
  const toggle = (): void => {
    const after = new URLSearchParams(params);
    const others = params.getAll('open').filter((each) => each !== path);
    after.delete('open');
    for (const each of isOpen ? others : [...others, path]) after.append('open', each);
    onChange(after);
  };
  return (
    <>
      <tr data-depth={depth}>
        <th scope="row" title={heading.label} data-depth={depth}>
          {own === null ? (
            <span className={classes.plain}>{heading.label}</span>
          ) : (
            <button
              type="button"
              className={classes.toggle}
              aria-expanded={isOpen}
              onClick={toggle}
            >
              <IconChevronRight
                className={classes.arrow}
                data-open={isOpen || undefined}
                size={14}
                stroke={1.8}
                aria-hidden
              />
              <span className={classes.name}>{heading.label}</span>
            </button>
          )}
        </th>
        <Figures line={row} params={own} context={context} />
      </tr>
      {isOpen &&
        (next === null || next === layout.columns ? (
          <RowDeals params={own} row={row} context={context} depth={depth + 1} />
        ) : (
          <Parts
            own={own}
            next={next}
            above={{ path, headings, dimensions: [...above.dimensions, next] }}
            {...{ row, context, layout, params, onChange }}
          />
        ))}
    </>
  );
}

type PartsProps = PivotRowProps & { own: URLSearchParams; next: string };

/** What an opened row is made of, against the same columns. */
function Parts({ own, next, ...rest }: PartsProps) {
  const { context, layout } = rest;
  const parts = useQuery(breakdownQuery(questionOf(own), { ...layout, rows: next }));
  const { data, error } = parts;
  if (data === undefined) {
    return <Wait context={context}>{error === null ? 'Loading…' : wordsOf(error)}</Wait>;
  }
  return alignedWith(context.breakdown, data).map((row) => (
    <PivotRow key={keyOf(row.heading)} {...rest} row={row} />
  ));
}

export function Wait({ context, children }: { context: PivotContext; children: string }) {
  return (
    <tr>
      <td className={classes.wait} colSpan={context.breakdown.columns.length + 6}>
        {children}
      </td>
    </tr>
  );
}

const keyOf = ({ kind, key }: Heading): string => `${kind} ${key ?? ''}`;

/** Returns parts with their cells under the columns of the whole: a part may lack some of them. */
function alignedWith(whole: Breakdown, parts: Breakdown): Breakdown['rows'] {
  const places = new Map(parts.columns.map((column, place) => [keyOf(column), place]));
  return parts.rows.map((row) => ({
    ...row,
    cells: whole.columns.map((column) => {
      const place = places.get(keyOf(column));
      return place === undefined ? null : (row.cells[place] ?? null);
    }),
  }));
}
