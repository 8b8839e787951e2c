/**
 * A short table of deals, one line each: the name first, `data-value` on the cells of the last
 * column. On a phone a deal takes two lines or more: name and value on the first, the rest below.
 */
import type { ReactNode } from 'react';
import classes from './deal-lines.module.css';

type DealLinesProps = {
  label: string;
  /** For the widths of columns, and for those that a phone leaves out. */
  className: string | undefined;
  children: ReactNode;
};

export function DealLines({ label, className, children }: DealLinesProps) {
  return (
    <table className={`${classes.table} ${className ?? ''}`} aria-label={label}>
      {children}
    </table>
  );
}
