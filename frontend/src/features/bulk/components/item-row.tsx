/** One deal of an operation: its state, what was written over what, and why not. */
import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { StateBadge } from '@/components/status/state-badge';
import type { ItemResult } from '../api/bulk';
import { ITEM_STATES } from '../lib/words';
import { ChangeWords } from './before-after';
import classes from './results.module.css';

type ItemRowProps = {
  /** Not read yet. */
  item: ItemResult | undefined;
  index: number;
  top: number;
  height: number;
};

export function ItemRow({ item, index, top, height }: ItemRowProps) {
  const style = { height, transform: `translateY(${top}px)` };
  if (item === undefined) {
    return (
      <div className={classes.row} style={style} role="row" aria-rowindex={index + 2}>
        <Skeleton height={12} role="cell" />
      </div>
    );
  }
  const { id, name, state, changes, message, before } = item;
  return (
    <div className={classes.row} style={style} role="row" aria-rowindex={index + 2}>
      <span role="cell">
        <StateBadge state={ITEM_STATES[state]} look="plain" />
      </span>
      <span role="cell" className={classes.cut} title={name ?? id}>
        <Link to={`/deals/${id}`}>{name ?? id}</Link>
      </span>
      <span role="cell" className={classes.cut}>
        {changes.map((change, at) => (
          <span key={change.field}>
            {at > 0 && ' · '}
            {changes.length > 1 && <span className={classes.field}>{change.label} </span>}
            <ChangeWords change={change} isBeforeKnown={before !== null && state !== 'unchanged'} />
          </span>
        ))}
      </span>
      <span role="cell" className={classes.why} title={message ?? undefined}>
        {message}
      </span>
    </div>
  );
}
