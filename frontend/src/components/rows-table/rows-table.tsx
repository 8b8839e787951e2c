/** A table of short rows between hairlines, as high as the person's density says. */
import type { CSSProperties, ReactNode } from 'react';
import { ROW_HEIGHT, useDensity } from '@/lib/density';
import classes from './rows-table.module.css';

/** `label` names the table; `className` adds to its looks. Cells with `data-number` stand right. */
type Props = { label: string; className?: string | undefined; children: ReactNode };

export function RowsTable({ label, className, children }: Props) {
  const [density] = useDensity();
  return (
    <table
      className={[classes.table, className].filter(Boolean).join(' ')}
      style={{ '--row': `${ROW_HEIGHT[density]}px` } as CSSProperties}
      aria-label={label}
    >
      {children}
    </table>
  );
}
