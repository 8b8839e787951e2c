/** The chosen rows, with what they are worth: they stay chosen while the table scrolls and changes. */
import { useMemo, useState } from 'react';
import type { DealRow } from '../api/queries';

export type Selection = {
  rows: ReadonlyMap<string, DealRow>;
  has: (id: string) => boolean;
  toggle: (row: DealRow) => void;
  add: (rows: readonly DealRow[]) => void;
  clear: () => void;
};

export function useSelection(): Selection {
  const [rows, setRows] = useState<ReadonlyMap<string, DealRow>>(new Map());
  return useMemo(
    () => ({
      rows,
      has: (id) => rows.has(id),
      toggle: (row) => {
        setRows((before) => {
          const after = new Map(before);
          if (!after.delete(row.id)) after.set(row.id, row);
          return after;
        });
      },
      add: (added) => {
        setRows((before) => new Map([...before, ...added.map((row) => [row.id, row] as const)]));
      },
      clear: () => {
        setRows(new Map());
      },
    }),
    [rows],
  );
}

/** Returns what the rows are worth together, to the cent, and how many of them have no rate. */
export function worthOf(rows: Iterable<DealRow>): { value: number; withoutRate: number } {
  let cents = 0;
  let withoutRate = 0;
  for (const { amount, value } of rows) {
    if (value !== null) cents += Math.round(value * 100);
    else if (amount !== null) withoutRate += 1;
  }
  return { value: cents / 100, withoutRate };
}
