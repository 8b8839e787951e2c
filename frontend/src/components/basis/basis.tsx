/** The last line of a page of figures: what they rest on, and how many open conflicts touch them. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { counted } from '@/lib/format';
import classes from './basis.module.css';

type BasisProps = {
  /** Deals with an open conflict among those that are counted. */
  conflicts: number;
  children: ReactNode;
};

export function Basis({ conflicts, children }: BasisProps) {
  return (
    <p className={classes.basis}>
      {children}
      {conflicts > 0 && (
        <span>
          <Link to="/sync-status?tab=conflicts">{counted(conflicts, 'deal')}</Link>{' '}
          {conflicts === 1 ? 'has' : 'have'} an open conflict.
        </span>
      )}
    </p>
  );
}
