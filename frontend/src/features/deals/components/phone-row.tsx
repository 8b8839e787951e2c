/** A deal in two lines, for narrow screens. */
import { Link } from 'react-router';
import { fromList } from '@/lib/deals-list';
import { formatWhole, symbolOf } from '@/lib/format';
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
  const sign = context.rates.base === undefined ? '' : symbolOf(context.rates.base);
  return (
    <div role="row" aria-rowindex={index + 2} className={classes.row} style={placeAt(top)}>
      <div role="gridcell" className={classes.cell}>
        <Link
          to={`/deals/${row.id}`}
          state={fromList({ search })}
          className={classes.link}
          data-changed={changed.size > 0 || undefined}
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
            <span className={classes.account}>{row.account?.name}</span>
            <Cell row={row} column={CLOSING} context={context} />
          </span>
        </Link>
      </div>
    </div>
  );
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
