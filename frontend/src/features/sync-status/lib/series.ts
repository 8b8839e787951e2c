/** What the Performance tab draws: each figure with its name, unit, values over time and conclusion. */
import {
  formatDuration,
  formatNumber,
  formatPercent,
  formatShare,
  formatWhole,
  NONE,
} from '@/lib/format';
import type { Performance } from '../api/queries';

type Part = Performance['parts'][number];
type Figures = Performance['total'];

export type Series = {
  name: string;
  /** What is counted, for the reader who asks. */
  about: string;
  /** Errors are red; the other figures mean nothing by themselves. */
  isError?: boolean;
  valueOf: (figures: Figures) => number | null;
  format: (value: number) => string;
  /** A round value at the axis. */
  tick: (value: number) => string;
};

/** One place below a hundred, none above. */
const brief = (value: number): string =>
  value < 100 ? formatNumber(Math.round(value * 10) / 10) : formatWhole(value);

export const SERIES: readonly Series[] = [
  {
    name: 'Average sync time',
    about: 'From start to end, of completed runs',
    valueOf: (figures) => figures.avg_sync_time,
    format: formatDuration,
    tick: (value) => (value < 60 ? `${formatNumber(value)} s` : formatDuration(value)),
  },
  {
    name: 'Records a minute',
    about: 'Records received per minute of running time, of completed runs',
    valueOf: (figures) => figures.records_per_minute,
    format: brief,
    tick: (value) => formatNumber(value),
  },
  {
    name: 'API efficiency',
    about: 'Records received per credit spent',
    valueOf: (figures) => figures.api_efficiency,
    format: brief,
    tick: (value) => formatNumber(value),
  },
  {
    name: 'Error rate',
    about: 'Calls that failed ÷ calls',
    isError: true,
    valueOf: (figures) => figures.error_rate,
    format: (value) => formatShare(value),
    tick: (value) => formatPercent(value * 100),
  },
];

/** The figure as words; a dash where nothing ran. */
export function told(series: Series, figures: Figures): string {
  const value = series.valueOf(figures);
  return value === null ? NONE : series.format(value);
}

/** The chart in a sentence, for those who do not see it. */
export function conclusionOf(series: Series, performance: Performance): string {
  const known = performance.parts
    .map(series.valueOf)
    .filter((value): value is number => value !== null);
  if (known.length === 0) return `${series.name}: no run in this range.`;
  const least = series.format(Math.min(...known));
  const most = series.format(Math.max(...known));
  return `${series.name}: ${told(series, performance.total)} over the range, between ${least} and ${most}.`;
}

/** Round figures up to the highest value, two or three of them. */
export function ticksOf(most: number): number[] {
  if (most <= 0) return [1];
  const rough = most / 2;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const count = Math.ceil((most / step) * 0.999);
  return Array.from({ length: count }, (_, index) => (index + 1) * step);
}

export type Point = { part: Part; value: number | null };

/** Runs of points between gaps: a part without runs has no value, not a value of 0. */
export function stretches(points: readonly Point[]): { index: number; value: number }[][] {
  const found: { index: number; value: number }[][] = [];
  let open: { index: number; value: number }[] | undefined;
  points.forEach(({ value }, index) => {
    if (value === null) {
      open = undefined;
      return;
    }
    if (!open) {
      open = [];
      found.push(open);
    }
    open.push({ index, value });
  });
  return found;
}
