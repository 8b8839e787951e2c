/** Territories as rows: the greatest by name, all others as one. Pure. */
import type { TerritoryHealth } from '../api/queries';

const MOST = 7;

export type TerritoryRow = TerritoryHealth & {
  /** How many territories the row stands for; its name is no filter then. */
  others: number;
};

export function territoryRows(territories: readonly TerritoryHealth[]): TerritoryRow[] {
  const rows = territories.map((each) => ({ ...each, others: 0 }));
  if (rows.length <= MOST) return rows;
  const rest = rows.slice(MOST - 1);
  const sum = (of: (row: TerritoryRow) => number): number =>
    rest.reduce((total, row) => total + of(row), 0);
  return [
    ...rows.slice(0, MOST - 1),
    {
      territory: null,
      others: rest.length,
      deals: sum((row) => row.deals),
      value: sum((row) => row.value),
      blocked: sum((row) => row.blocked),
      red: sum((row) => row.red),
      yellow: sum((row) => row.yellow),
      needs_update: sum((row) => row.needs_update),
      green: sum((row) => row.green),
    },
  ];
}
