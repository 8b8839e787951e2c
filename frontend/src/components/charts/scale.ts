/** Axes and short figures of charts of money: where they begin, their steps, their unit. Pure. */
import { formatAmount, formatNumber, formatSigned, symbolOf } from '@/lib/format';

/** What figures on a chart are counted in; said once, in its title. */
export type Unit = { divisor: number; word: string; letter: string; places: number };

const UNITS: readonly (Unit & { from: number })[] = [
  { from: 1e10, divisor: 1e9, word: 'billion', letter: 'bn', places: 2 },
  { from: 1e6, divisor: 1e6, word: 'million', letter: 'M', places: 2 },
  { from: 1e4, divisor: 1e3, word: 'thousand', letter: 'k', places: 1 },
];
const ONE: Unit = { divisor: 1, word: '', letter: '', places: 0 };

/** Returns the unit in which a chart with these values is read best. */
export function unitOf(values: readonly number[]): Unit {
  const greatest = Math.max(0, ...values.map(Math.abs));
  return UNITS.find(({ from }) => greatest >= from) ?? ONE;
}

/** `S$ million`, `S$`: what the title of a chart says of its figures. */
export const unitWords = (unit: Unit, currency: string): string =>
  [symbolOf(currency), unit.word].filter(Boolean).join(' ');

/** `+3.18` in the chart's unit; what would read as nothing there is written out. */
export function formatMark(value: number, unit: Unit, isSigned: boolean): string {
  const write = isSigned ? formatSigned : formatNumber;
  const short = Number((value / unit.divisor).toFixed(unit.places));
  if (short !== 0 || value === 0) return write(value / unit.divisor, unit.places);
  return write(value, Math.abs(value) < 1 ? 2 : 0);
}

/** `+3,180,400.25` with the currency's own places. */
export function formatExact(value: number, currency: string, isSigned: boolean): string {
  const amount = formatAmount(value, currency, { cents: true });
  return isSigned && value > 0 ? `+${amount}` : amount;
}

/** Returns the least of 1, 2, 2.5, 5 × 10ⁿ that makes at most `steps` steps of a span. */
export function stepOf(span: number, steps: number): number {
  const least = span / steps;
  const scale = 10 ** Math.floor(Math.log10(least));
  const round = [1, 2, 2.5, 5, 10].find((each) => each * scale >= least * (1 - 1e-9)) ?? 10;
  return round * scale;
}

export type Axis = {
  from: number;
  to: number;
  ticks: readonly number[];
  /** Begins above zero: bars from zero are drawn broken. */
  isBroken: boolean;
};

const STEPS = 4;
/** Of the axis, under the lowest level where it is broken. */
const STUB = 0.35;
/** Room above the highest mark for its label. */
const HEADROOM = 0.06;

/**
 * Returns the axis for levels of money. It begins at zero unless all of them are so far above it that
 * what moved could not be seen.
 */
export function axisOf(levels: readonly number[]): Axis {
  const low = Math.min(0, ...levels);
  const high = Math.max(0, ...levels);
  const least = Math.min(...levels);
  const moved = high - least;
  const isBroken = least > 0 && moved > 0 && moved < high / 2;
  const from = isBroken ? Math.max(0, least - moved * STUB) : low;
  const span = high - from || 1;
  const step = stepOf(span, STEPS);
  const to = high + span * HEADROOM;
  const first = Math.ceil(from / step - 1e-9);
  const ticks: number[] = [];
  for (let at = first; at * step <= to; at += 1) ticks.push(at * step);
  return { from, to, ticks, isBroken };
}

/** `52 M`; places as the step needs them. */
export function formatTick(tick: number, step: number, unit: Unit): string {
  const places = Math.max(0, -Math.floor(Math.log10(step / unit.divisor) + 1e-9));
  const isHalf = Math.abs((step / unit.divisor) * 10 ** places - 2.5) < 1e-9;
  // Zero counted from below is -0, which would show its sign.
  const figure = formatNumber(tick === 0 ? 0 : tick / unit.divisor, places + (isHalf ? 1 : 0));
  return unit.letter === '' ? figure : `${figure} ${unit.letter}`;
}
