/** Where each bar of a pulse stands. Pure: the time, the width and the height are handed in. */
import type { Schema } from '@/lib/api';

type Run = Schema['PulseRun'];
type Pulse = Schema['Pulse'];

type BarKind = 'failed' | 'open' | 'last' | 'plain';

export type Bar = {
  run: Run;
  kind: BarKind;
  x: number;
  width: number;
  height: number;
  /** Runs that found no room of their own and are told by this bar too. */
  others: number;
};

export type Scale = {
  isLogarithmic: boolean;
  /** Lines of the grid, from the lowest. */
  ticks: readonly number[];
  /** Height of a number of changes, as a share of 1. */
  heightOf: (changed: number) => number;
};

export type Layout = { bars: readonly Bar[]; scale: Scale };

type Box = { width: number; height: number; narrowest: number; widest: number };

/** A failed run changed nothing, so its height says nothing: half, to be seen. */
const FAILED_HEIGHT = 0.5;
const LEAST_PX = 2;
const QUARTER_MS = 900_000;
/** How far a bar may stand from its time, in bars. */
const MOST_PUSHED = 4;
/** One load of thousands must not flatten a day of tens. */
const LOG_FROM = 200;
const LOG_RATIO = 10;

const isOpen = ({ status }: Run): boolean => status === 'pending' || status === 'in_progress';
const weight = (run: Run): number => (run.status === 'failed' ? 2 : isOpen(run) ? 1 : 0);

/**
 * Returns the bars of a pulse in a box, each at its time. Runs that come closer than bars can stand
 * push the earlier ones to the left, a little; further than that, two become one: the graver is kept.
 */
export function layOut(pulse: Pulse, box: Box): Layout {
  const scale = scaleOf(pulse);
  const pitch = pitchOf(pulse, box);
  const width = Math.max(1, pitch - (pitch >= 4 ? 1.5 : 0.5));
  const xOf = placing(pulse, box.width - pitch);
  const placed: { run: Run; others: number; x: number }[] = [];
  for (const run of pulse.runs.toReversed()) {
    const next = placed.at(-1);
    const wanted = xOf(run);
    const x = Math.min(wanted, (next?.x ?? box.width) - pitch);
    if (next && (x < 0 || wanted - x > MOST_PUSHED * pitch)) {
      next.run = graver(next.run, run);
      next.others += run.stands_for;
    } else {
      placed.push({ run, others: run.stands_for - 1, x: Math.max(0, x) });
    }
  }
  const bars = placed.map(({ run, others, x }, index) => {
    const kind = kindOf(run, index === 0);
    const share = kind === 'failed' ? FAILED_HEIGHT : scale.heightOf(run.records_changed);
    const height = Math.max(LEAST_PX, Math.round(share * box.height));
    return { run, kind, others, x: crisp(x, pitch), width: crisp(width, pitch), height };
  });
  return { bars: bars.reverse(), scale };
}

/** Wide bars begin and end on whole pixels; thin ones would lose their even distances by that. */
const crisp = (px: number, pitch: number): number => (pitch >= 4 ? Math.round(px) : px);

/** Room of one bar: that of a quarter of an hour, or less where there are more runs than quarters. */
function pitchOf(pulse: Pulse, { width, narrowest, widest }: Box): number {
  const length = Date.parse(pulse.until) - Date.parse(pulse.since);
  const wanted = width / Math.max(length / QUARTER_MS, pulse.runs.length * 1.1);
  return Math.min(widest, Math.max(narrowest, wanted));
}

function placing(pulse: Pulse, width: number): (run: Run) => number {
  const since = Date.parse(pulse.since);
  const length = Date.parse(pulse.until) - since;
  return ({ created_at: at }) =>
    Math.max(0, Math.min(1, (Date.parse(at) - since) / length)) * width;
}

function graver(one: Run, other: Run): Run {
  const difference = weight(other) - weight(one);
  if (difference !== 0) return difference > 0 ? other : one;
  return other.records_changed >= one.records_changed ? other : one;
}

function kindOf(run: Run, isLast: boolean): BarKind {
  if (run.status === 'failed') return 'failed';
  if (isOpen(run)) return 'open';
  return isLast ? 'last' : 'plain';
}

/** Returns what the height of a bar tells. Failed runs have no say in it: see FAILED_HEIGHT. */
export function scaleOf(pulse: Pulse): Scale {
  const some = pulse.runs
    .filter(({ status, records_changed }) => status !== 'failed' && records_changed > 0)
    .map(({ records_changed }) => records_changed)
    .sort((one, other) => one - other);
  const most = some.at(-1) ?? 0;
  const middle = some[Math.floor((some.length - 1) / 2)] ?? 0;
  if (most > LOG_FROM && most > middle * LOG_RATIO) return logarithmic(most);
  return linear(most);
}

function linear(most: number): Scale {
  const rough = Math.max(1, most) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((s) => s >= rough) ?? 1,
  );
  const count = Math.max(1, Math.ceil(most / step));
  const top = step * count;
  return {
    isLogarithmic: false,
    ticks: Array.from({ length: count }, (_, index) => step * (index + 1)),
    heightOf: (changed) => changed / top,
  };
}

function logarithmic(most: number): Scale {
  const powers = Math.ceil(Math.log10(most));
  return {
    isLogarithmic: true,
    // More than four lines would stand too close for their figures.
    ticks: Array.from({ length: powers }, (_, index) => index + 1)
      .filter((power) => powers <= 4 || power % 2 === powers % 2)
      .map((power) => 10 ** power),
    // One more than the number: a run of one change stands above one of none.
    heightOf: (changed) => Math.log10(changed + 1) / Math.log10(10 ** powers + 1),
  };
}

/** Room that the names at the ends of the axis take, and the least between two names. */
const NAME_PX = { start: 92, end: 44, between: 64 };

/** Returns the moments to be named under a strip: round ones, as many as have room. */
export function timeTicks(since: Date, until: Date, width: number): Date[] {
  const length = until.getTime() - since.getTime();
  const hours = length / 3_600_000;
  const most = Math.min(5, Math.floor(width / NAME_PX.between));
  const step = [0.25, 0.5, 6, 12, 24, 48, 168].find((each) => hours / each <= most) ?? 336;
  const first = new Date(since);
  if (step < 1) first.setMinutes(Math.floor(first.getMinutes() / 15) * 15, 0, 0);
  else first.setHours(step >= 24 ? 0 : Math.floor((first.getHours() - 2) / 6) * 6 + 2, 0, 0, 0);
  const ticks: Date[] = [];
  for (let at = first; at < until; at = later(at, step)) {
    const x = ((at.getTime() - since.getTime()) / length) * width;
    if (x >= NAME_PX.start && x <= width - NAME_PX.end) ticks.push(at);
  }
  return ticks;
}

/** Days are the calendar's: one of them may have 23 hours. */
function later(at: Date, hours: number): Date {
  const next = new Date(at);
  if (hours >= 24) next.setDate(next.getDate() + hours / 24);
  else next.setTime(next.getTime() + hours * 3_600_000);
  return next;
}
