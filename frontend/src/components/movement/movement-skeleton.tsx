/** A waterfall before it is known, at its final size. */
import { Skeleton } from '@mantine/core';
import classes from './movement-skeleton.module.css';

export const MOVEMENT_HEIGHT = 292;

/** From where to where each bar reaches, in percent of the height. */
const BARS: readonly [from: number, to: number][] = [
  [0, 32],
  [44, 72],
  [67, 84],
  [83, 93],
  [81, 91],
  [62, 86],
  [50, 60],
  [46, 54],
  [0, 54],
];

export function MovementSkeleton() {
  return (
    <div className={classes.waiting} style={{ height: MOVEMENT_HEIGHT }} aria-hidden>
      <div className={classes.plot}>
        {BARS.map(([from, to]) => (
          <div key={`${from} ${to}`} className={classes.column}>
            <Skeleton
              className={classes.bar}
              height={`${to - from}%`}
              style={{ bottom: `${from}%` }}
            />
          </div>
        ))}
      </div>
      <div className={classes.names}>
        {BARS.map(([from, to]) => (
          <div key={`${from} ${to}`} className={classes.column}>
            <Skeleton height={10} width="70%" mx="auto" />
          </div>
        ))}
      </div>
    </div>
  );
}
