/** Tints what it holds for a moment when that changed while it was on screen. */
import { type ReactNode, useState } from 'react';
import classes from './fresh.module.css';

/** `of` tells one value from another; the first one is not a change. */
export function Fresh({ of, children }: { of: string; children: ReactNode }) {
  const [seen, setSeen] = useState({ of, changes: 0 });
  if (seen.of !== of) setSeen({ of, changes: seen.changes + 1 });
  return (
    <span key={seen.changes} className={classes.fresh} data-changed={seen.changes > 0 || undefined}>
      {children}
    </span>
  );
}
