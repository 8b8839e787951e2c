/** The line under a number; where the mirror is old it says of when the number is. */
import { IconClockPause } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asOf, isOld } from '@/lib/mirror-age';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import classes from './data-age.module.css';

type DataAgeProps = { current: CurrentStatus | undefined; now: Date; children: ReactNode };

export function DataAge({ current, now, children }: DataAgeProps) {
  if (current === undefined || !isOld(current) || current.data_at === null) return children;
  return (
    <span className={classes.old}>
      <span className={classes.asOf}>
        <IconClockPause size={13} stroke={1.8} aria-hidden />
        {asOf(current.data_at, now)}
      </span>
      {children}
    </span>
  );
}
