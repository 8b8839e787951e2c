/** A deal in two lines, for narrow screens. */
import { Link } from 'react-router';
import { fromList } from '@/lib/deals-list';
import { formatWhole, symbolOf } from '@/lib/format';
import { type FieldMark, markWords } from '@/lib/mark-words';
import type { ColumnLine, DealRow } from '../api/queries';
import { useChangedCells } from '../lib/changed-cells';
import { Cell, type CellContext } from './cell';
import classes from './phone-row.module.css';

export const PHONE_ROW = 64;

const column = (key: string, kind: ColumnLine['kind']): ColumnLine => ({
  key,
  kind,
  label: key,
  data_type: null,
  is_crm_field: false,
  is_default: true,
  is_sortable: true,
  has_facet: false,
  tests: [],
});
const STATE = column('state', 'state');
const STAGE = column('stage', 'stage');
const CLOSING = column('closing_date', 'date');

type PhoneRowProps = {
  row: DealRow;
  index: number;
  top: number;
  context: CellContext;
  search: string;
};

export function PhoneRow({ row, index, top, context, search }: PhoneRowProps) {
  const changed = useChangedCells(row);
  const marked = markOf(row, context.now);
  const sign = context.rates.base === undefined ? '' : symbolOf(context.rates.base);
  return (
    <div role="row" aria-rowindex={index + 2} className={classes.row} style={placeAt(top)}>
      <div role="gridcell" className={classes.cell}>
        <Link
          to={`/deals/${row.id}`}
          state={fromList({ search })}
          className={classes.link}
          data-changed={changed.size > 0 || undefined}
          data-mark={marked?.state}
        >
          <span className={classes.line}>
            <Cell row={row} column={STATE} context={context} />
            <span className={classes.name}>{row.name ?? `Deal ${row.id}`}</span>
            <span className={classes.value}>
              {row.value === null ? '' : `${sign} ${formatWhole(row.value)}`}
            </span>
          </span>
          <span className={classes.second}>
            <span className={classes.stage}>
              <Cell row={row} column={STAGE} context={context} />
            </span>
            {marked === null ? (
              <span className={classes.account}>{row.account?.name}</span>
            ) : (
              <span className={classes.mark}>{marked.words}</span>
            )}
            <Cell row={row} column={CLOSING} context={context} />
          </span>
        </Link>
      </div>
    </div>
  );
}

// What asks for a person comes before what is only on its way.
const URGENCY = ['conflict', 'error', 'pending'] as const satisfies readonly FieldMark['state'][];

/** Returns the most urgent mark of a row in words, and how many fields have one: there is room for one. */
function markOf(row: DealRow, now: Date): { state: FieldMark['state']; words: string } | null {
  const marks = Object.values(row.marks ?? {});
  const state = URGENCY.find((urgent) => marks.some((mark) => mark.state === urgent));
  const first = marks.find((mark) => mark.state === state);
  if (state === undefined || first === undefined) return null;
  const more = marks.length > 1 ? `${formatWhole(marks.length)} fields. ` : '';
  return { state, words: `${more}${markWords(first, now)}` };
}

const placeAt = (top: number) => ({ transform: `translateY(${top}px)`, height: PHONE_ROW });

export function PhoneSkeleton({ top }: { top: number }) {
  return (
    <div className={classes.row} style={placeAt(top)} aria-hidden>
      <div className={classes.link}>
        <span className={classes.bone} />
        <span className={classes.bone} data-short />
      </div>
    </div>
  );
}
