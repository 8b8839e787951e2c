/** How the pivot is laid out: by what, against what, in which measure. Pure. */
import type { Schema } from '@/lib/api';
import { formatShare, formatSigned, formatWhole } from '@/lib/format';
import { signedShare } from '@/lib/differences';
import type { ColumnLine } from '@/lib/queries/deals';
import { narrowed } from '@/lib/pipeline-address';

export type Measure = Schema['Measure'];
export type Breakdown = Schema['PipelineBreakdown'];
export type Heading = Schema['BreakdownHeading'];
export type Line = Schema['BreakdownLine'];

export type Choice = { value: string; label: string };

const DIMENSIONS: readonly Choice[] = [
  { value: 'country', label: 'Country' },
  { value: 'region', label: 'Region' },
  { value: 'owner', label: 'Account manager' },
  { value: 'account', label: 'Account' },
  { value: 'stage', label: 'Stage' },
  { value: 'probability_band', label: 'Probability band' },
  { value: 'outcome', label: 'Outcome' },
  { value: 'closing_month', label: 'Closing month' },
  { value: 'closing_quarter', label: 'Closing quarter' },
  { value: 'created_month', label: 'Month of creation' },
  { value: 'segment', label: 'Segment' },
  { value: 'solution', label: 'Solution' },
  { value: 'funding', label: 'Funding' },
  { value: 'currency', label: 'Currency' },
];

export const MEASURES: readonly (Choice & { value: Measure })[] = [
  { value: 'value', label: 'Pipeline value' },
  { value: 'weighted', label: 'Weighted pipeline' },
  { value: 'deals', label: 'Deals' },
  { value: 'average_size', label: 'Average deal size' },
  { value: 'average_probability', label: 'Average probability' },
  { value: 'win_rate', label: 'Win rate' },
];

/** What is written for a pivot of one dimension. */
export const NO_COLUMNS = 'none';

/** Win rates are of closed deals: where these stood before they closed says nothing of them. */
const NOT_OF_CLOSED = new Set(['stage', 'probability_band', 'outcome']);

/** Kinds of CRM fields that deals are grouped by; long texts are not. */
const GROUPED = new Set(['text', 'boolean', 'named']);
const LONG_TEXT = 'textarea';

/** Returns what deals can be broken down by; further CRM fields have no history. */
export function dimensionsFor(
  columns: readonly ColumnLine[],
  { isPast, measure }: { isPast: boolean; measure: Measure },
): Choice[] {
  const own = DIMENSIONS.filter(({ value }) => measure !== 'win_rate' || !NOT_OF_CLOSED.has(value));
  if (isPast) return own;
  const further = columns
    .filter(
      ({ is_crm_field, kind, data_type }) =>
        is_crm_field && GROUPED.has(kind) && data_type !== LONG_TEXT,
    )
    .map(({ key, label }) => ({ value: key, label }));
  return [...own, ...further];
}

export type Layout = { rows: string; columns: string; measure: Measure };

export const DEFAULT_LAYOUT: Layout = { rows: 'country', columns: 'stage', measure: 'value' };

const isMeasure = (value: string | null): value is Measure =>
  MEASURES.some((measure) => measure.value === value);

/** Returns the layout that an address names; what a measure does not allow gives way to it. */
export function layoutOf(params: URLSearchParams): Layout {
  const asked = params.get('measure');
  const measure = isMeasure(asked) ? asked : DEFAULT_LAYOUT.measure;
  const fits = (dimension: string): boolean =>
    measure !== 'win_rate' || !NOT_OF_CLOSED.has(dimension);
  const rows = params.get('rows') ?? DEFAULT_LAYOUT.rows;
  const columns = params.get('columns') ?? DEFAULT_LAYOUT.columns;
  return {
    measure,
    rows: fits(rows) ? rows : DEFAULT_LAYOUT.rows,
    columns: fits(columns) ? columns : NO_COLUMNS,
  };
}

/** Returns what a row is broken down by once it is opened; null: by its deals. */
export function nextDimension(path: readonly string[]): string | null {
  if (path.length > 1) return null;
  return path[0] === 'owner' ? 'account' : 'owner';
}

/** A percentage to one place, as the locale writes it. */
export const percentWords = (percent: number): string => formatShare(percent / 100, 1);

/** Returns a figure as the measure is written: money and counts whole, percentages to one place. */
export function figureWords(figure: number, measure: Measure): string {
  switch (measure) {
    case 'value':
    case 'weighted':
    case 'average_size':
    case 'deals':
      return formatWhole(figure);
    case 'average_probability':
    case 'win_rate':
      return percentWords(figure);
  }
}

/** Returns how a row differs from what it was, and which way; null where nothing can be said. */
export function againstOf(
  { absolute, relative }: Schema['ChangedNumber'],
  measure: Measure,
): { words: string; direction: 'up' | 'down' | 'none' } | null {
  if (absolute === null) return null;
  const isPercent = measure === 'average_probability' || measure === 'win_rate';
  const words = isPercent
    ? `${formatSigned(absolute, 1)} pt`
    : relative === null
      ? absolute === 0
        ? signedShare(0)
        : 'new'
      : signedShare(relative);
  const isNone = words === signedShare(0) || words === `${formatSigned(0, 1)} pt`;
  return { words, direction: isNone ? 'none' : absolute > 0 ? 'up' : 'down' };
}

const LEAST = 4;
const MOST = 34;

/** Returns how dark a cell is, in percent of blue over the sheet; null for nothing or less. */
export function heatOf(figure: number | null, greatest: number): number | null {
  if (figure === null || figure <= 0 || greatest <= 0) return null;
  return LEAST + (MOST - LEAST) * Math.min(1, figure / greatest);
}

export const greatestOf = (rows: readonly Line[]): number =>
  Math.max(0, ...rows.flatMap(({ cells }) => cells.map((cell) => cell?.figure ?? 0)));

/** Returns the address whose deals a measure counts: win rates are of what was closed in a year. */
export function countedParams(
  params: URLSearchParams,
  { measure, closed }: Pick<Breakdown, 'measure' | 'closed'>,
): URLSearchParams {
  if (measure !== 'win_rate' || closed === null) return params;
  const after = new URLSearchParams(params);
  for (const name of ['closing', 'probability', 'stage', 'outcome']) after.delete(name);
  return narrowed(
    after,
    new URLSearchParams([
      ['closing_from', closed.closed_from],
      ['closing_to', closed.closed_to],
      ['outcome', 'won'],
      ['outcome', 'lost'],
    ]).toString(),
  );
}

/** Returns the address of a group of groups; null where filters cannot say it. */
export function groupParams(
  params: URLSearchParams,
  ...headings: readonly Heading[]
): URLSearchParams | null {
  let narrower: URLSearchParams | null = params;
  for (const { filter } of headings) {
    narrower = narrower === null || filter === null ? null : narrowed(narrower, filter);
  }
  return narrower;
}

const SEPARATOR = '~';

/** Which row is meant: the keys of the rows above it and its own. */
export const pathOf = (above: string, { kind, key }: Heading): string =>
  `${above}${SEPARATOR}${kind === 'none' ? '' : (key ?? '')}`;
