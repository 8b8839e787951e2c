/** How a key number differs from what it was: absolute and relative, good or bad or neither. */
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { type Difference, differenceWords } from '@/lib/differences';
import classes from './delta.module.css';

type DeltaProps = {
  difference: Difference;
  /** Places of the absolute change. */
  digits?: number;
  /** Behind the absolute change: `pt`. Then the relative one says nothing more and is left out. */
  unit?: string;
  /** The moment compared with, where it is not the usual one. */
  since?: string;
};

export function Delta({ difference, digits = 0, unit, since }: DeltaProps) {
  const { absolute, share, direction } = differenceWords(difference, digits);
  const Icon = direction === 'up' ? IconArrowUpRight : IconArrowDownRight;
  const shown = unit === undefined ? share : null;
  return (
    <span className={classes.delta}>
      {direction === 'none' ? (
        <span>{shown ?? 'No change'}</span>
      ) : (
        <>
          <span className={classes.absolute} data-direction={direction}>
            <Icon size={13} stroke={2} aria-hidden />
            {absolute}
            {unit !== undefined && ` ${unit}`}
          </span>
          {shown !== null && <span>{shown}</span>}
        </>
      )}
      {since !== undefined && <span>since {since}</span>}
    </span>
  );
}
