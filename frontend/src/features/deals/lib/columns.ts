/** Which columns are shown, in which order, and how wide; what the CRM has beyond these comes with it. */
import type { ColumnLine } from '../api/queries';

/** Least width in px, and the share of what is left over. */
type Track = readonly [least: number, share?: number];

const BY_KEY: Record<string, Track> = {
  name: [166, 2],
  account: [118, 1.4],
  country: [88, 0.6],
  probability: [60],
  amount: [112],
  currency: [40],
  value: [96],
  weighted: [110],
  closing_date: [102],
  owner: [96, 0.5],
  changed_at: [98],
};
const BY_KIND: Record<ColumnLine['kind'], Track> = {
  id: [178],
  text: [130, 1],
  number: [110],
  percent: [80],
  money: [118],
  value: [112],
  currency: [60],
  date: [110],
  instant: [110],
  boolean: [84],
  choices: [130, 1],
  named: [130, 1],
  stage: [150, 0.6],
  state: [27],
  detail: [90],
};
const CHECK_PX = 50;
/** Room behind the last column. */
const END_PX = 14;
const RIGHT: ReadonlySet<ColumnLine['kind']> = new Set([
  'number',
  'percent',
  'money',
  'value',
  'date',
  'instant',
  'detail',
]);

const first = (key: string, label: string, kind: ColumnLine['kind']): ColumnLine => ({
  key,
  label,
  kind,
  data_type: null,
  is_crm_field: false,
  is_default: true,
  is_sortable: true,
  has_facet: false,
  tests: [],
});

/** What is shown at first, before the server has said what there is: so heads are there at once. */
export const FIRST_COLUMNS: readonly ColumnLine[] = [
  first('state', 'Sync status', 'state'),
  first('name', 'Deal', 'text'),
  first('account', 'Account', 'named'),
  first('country', 'Country', 'text'),
  first('stage', 'Stage', 'stage'),
  first('probability', 'Probability', 'percent'),
  first('amount', 'Amount', 'money'),
  first('currency', 'Currency', 'currency'),
  first('value', 'Value', 'value'),
  first('closing_date', 'Closing date', 'date'),
  first('owner', 'Owner', 'named'),
  first('changed_at', 'Changed', 'instant'),
];

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

const trackOf = ({ key, kind }: ColumnLine): Track => BY_KEY[key] ?? BY_KIND[kind];

/** Returns the tracks of the grid: room for the check box first. */
export const tracksOf = (columns: readonly ColumnLine[]): string =>
  [
    `${CHECK_PX}px`,
    ...columns.map((column) => {
      const [least, share] = trackOf(column);
      return share === undefined ? `${least}px` : `minmax(${least}px, ${share}fr)`;
    }),
  ].join(' ');

/** Returns the least width of the table in px; in less room it scrolls sideways. */
export const leastWidthOf = (columns: readonly ColumnLine[]): number =>
  columns.reduce((sum, column) => sum + trackOf(column)[0], CHECK_PX + END_PX);

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
