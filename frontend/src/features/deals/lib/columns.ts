/** Which columns are shown, in which order, and how wide; what the CRM has beyond these comes with it. */
import type { ColumnLine } from '../api/queries';

export type Shape = { width: string; isRight: boolean };

const NARROW: Record<string, string> = {
  state: '28px',
  name: 'minmax(172px, 2fr)',
  account: 'minmax(128px, 1.4fr)',
  country: 'minmax(92px, 0.6fr)',
  stage: 'minmax(138px, 0.8fr)',
  probability: '58px',
  amount: '118px',
  currency: '46px',
  value: '112px',
  weighted: '112px',
  closing_date: '84px',
  owner: 'minmax(112px, 0.7fr)',
  changed_at: '84px',
  id: '178px',
};
const BY_KIND: Record<ColumnLine['kind'], string> = {
  id: '178px',
  text: 'minmax(130px, 1fr)',
  number: '110px',
  percent: '80px',
  money: '118px',
  value: '112px',
  currency: '60px',
  date: '104px',
  instant: '104px',
  boolean: '84px',
  choices: 'minmax(130px, 1fr)',
  named: 'minmax(130px, 1fr)',
  stage: 'minmax(138px, 0.8fr)',
  state: '28px',
  detail: '90px',
};
const RIGHT: ReadonlySet<ColumnLine['kind']> = new Set([
  'number',
  'percent',
  'money',
  'value',
  'date',
  'instant',
  'detail',
]);

/** Heads that are shorter than the column's full name. */
const HEADS: Record<string, string> = {
  probability: 'Prob.',
  closing_date: 'Closing',
  currency: '',
  state: '',
};

/** Returns what stands over a column: values in the base currency have its sign. */
export function headOf(column: ColumnLine, sign: string): string {
  if (column.key === 'value') return sign;
  if (column.key === 'weighted') return `${sign} weighted`;
  return HEADS[column.key] ?? column.label;
}

export const isRight = (column: ColumnLine): boolean => RIGHT.has(column.kind);

/** Returns the tracks of the grid: room for the check box first. */
export const tracksOf = (columns: readonly ColumnLine[]): string =>
  ['50px', ...columns.map(({ key, kind }) => NARROW[key] ?? BY_KIND[kind])].join(' ');

/** Returns the columns of a list of keys, in its order; keys that the CRM no longer has are left out. */
export function chosenColumns(
  all: readonly ColumnLine[],
  keys: readonly string[] | null,
): ColumnLine[] {
  if (keys === null) return all.filter(({ is_default }) => is_default);
  const byKey = new Map(all.map((column) => [column.key, column]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** Returns the keys with one moved by some places; the ends are as far as it goes. */
export function moved(keys: readonly string[], key: string, by: number): string[] {
  const from = keys.indexOf(key);
  if (from === -1) return [...keys];
  const rest = keys.filter((other) => other !== key);
  const to = Math.min(Math.max(from + by, 0), rest.length);
  return [...rest.slice(0, to), key, ...rest.slice(to)];
}
