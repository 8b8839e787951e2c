/** Deals with their values before and after, field by field. */
import { Link } from 'react-router';
import { useNow } from '@/lib/now';
import { valueText } from '@/lib/value-text';
import type { ShownChange } from '../api/bulk';
import classes from './before-after.module.css';

type Row = { id: string; name: string | null; changes: readonly ShownChange[] };

type BeforeAfterProps = { rows: readonly Row[]; label: string };

export function BeforeAfter({ rows, label }: BeforeAfterProps) {
  // Of an undo, deals may differ in the fields that they get back.
  const heads = new Map(
    rows.flatMap(({ changes }) => changes.map((change) => [change.field, change.label] as const)),
  );
  return (
    // A table that scrolls must be reached by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as said above
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Deal</th>
            {[...heads].map(([field, head]) => (
              <th key={field} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, changes }) => (
            <tr key={id}>
              <th scope="row">
                <Link to={`/deals/${id}`}>{name ?? id}</Link>
              </th>
              {[...heads.keys()].map((field) => {
                const change = changes.find((each) => each.field === field);
                return <td key={field}>{change && <ChangeWords change={change} />}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type ChangeWordsProps = {
  change: ShownChange;
  /** The value before is not known until it is read. */
  isBeforeKnown?: boolean;
};

/** `Proposal → Negotiation`. */
export function ChangeWords({ change, isBeforeKnown = true }: ChangeWordsProps) {
  const now = useNow('minute');
  const { before, after } = change;
  return (
    <>
      {isBeforeKnown && (
        <>
          <span className={classes.before}>{valueText(before, now, { brief: true })}</span>{' '}
          <span aria-hidden>→</span>
          <span className={classes.to}> becomes </span>{' '}
        </>
      )}
      <span className={after === null ? classes.before : classes.after}>
        {valueText(after, now, { brief: true })}
      </span>
    </>
  );
}
