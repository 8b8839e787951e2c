/** Bars before they are known, at their final size. */
import { Skeleton } from '@mantine/core';
import classes from './skeleton.module.css';

const WIDTHS = ['62%', '78%', '55%', '70%', '48%', '66%', '58%', '74%'];

export function BarsSkeleton({ rows }: { rows: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: rows }, (_, place) => (
        <div key={place} className={classes.barsRow}>
          <Skeleton height={12} width={WIDTHS[place % WIDTHS.length] ?? '60%'} />
          <Skeleton height={10} width={WIDTHS[(place + 3) % WIDTHS.length] ?? '60%'} />
          <Skeleton height={12} width="70%" ml="auto" />
        </div>
      ))}
    </div>
  );
}

export function ChangesSkeleton({ rows }: { rows: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: rows }, (_, place) => (
        <div key={place} className={classes.change}>
          <Skeleton height={12} width={30} />
          <div>
            <Skeleton height={12} width={WIDTHS[place % WIDTHS.length] ?? '60%'} />
            <Skeleton height={10} mt={8} width={WIDTHS[(place + 2) % WIDTHS.length] ?? '60%'} />
          </div>
        </div>
      ))}
    </div>
  );
}
