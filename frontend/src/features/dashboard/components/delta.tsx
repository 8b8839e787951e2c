/** How a key number differs from what it was: absolute and relative, good or bad or neither. */
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import type { Difference } from '../api/queries';
import { differenceWords } from '../lib/words';
import classes from './delta.module.css';

export function Delta({ difference, since }: { difference: Difference; since?: string }) {
  const { absolute, share, direction } = differenceWords(difference);
  const Icon = direction === 'up' ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={classes.delta}>
      {direction === 'none' ? (
        <span>{share ?? 'No change'}</span>
      ) : (
        <>
          <span className={classes.absolute} data-direction={direction}>
            <Icon size={13} stroke={2} aria-hidden />
            {absolute}
          </span>
          {share !== null && <span>{share}</span>}
        </>
      )}
      {since !== undefined && <span>since {since}</span>}
    </span>
  );
}
