/** Which cells of a row have just changed: they are tinted for a moment, and nothing moves. */
import { useEffect, useState } from 'react';
import type { DealRow } from '../api/queries';

export const TINTED_MS = 900;

/** Returns the keys of the columns whose values differ between two readings of one deal. */
export function changedKeys(before: DealRow, after: DealRow): string[] {
  const own = (Object.keys(after) as (keyof DealRow)[]).filter(
    (key) => key !== 'fields' && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const further = Object.keys({ ...before.fields, ...after.fields }).filter(
    (key) => JSON.stringify(before.fields[key]) !== JSON.stringify(after.fields[key]),
  );
  return [...own, ...further];
}

const NOTHING: ReadonlySet<string> = new Set();

/** Returns the keys to tint now. */
export function useChangedCells(row: DealRow): ReadonlySet<string> {
  const [last, keep] = useState(row);
  const [tinted, tint] = useState(NOTHING);
  if (last !== row) {
    keep(row);
    const changed = changedKeys(last, row);
    if (changed.length > 0) tint(new Set(changed));
  }
  useEffect(() => {
    if (tinted === NOTHING) return;
    const timer = window.setTimeout(() => {
      tint(NOTHING);
    }, TINTED_MS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [tinted]);
  return tinted;
}
