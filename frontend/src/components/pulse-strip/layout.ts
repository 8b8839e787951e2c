/** Where each bar of a pulse stands. Pure: the time, the width and the height are handed in. */
import type { Schema } from '@/lib/api';

type Run = Schema['PulseRun'];
type Pulse = Schema['Pulse'];

export type BarKind = 'failed' | 'open' | 'last' | 'plain';

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
/** One load of thousands must not flatten a day of tens. */
const LOG_FROM = 200;
const LOG_RATIO = 10;

const isOpen = ({ status }: Run): boolean => status === 'pending' || status === 'in_progress';
const weight = (run: Run): number => (run.status === 'failed' ? 2 : isOpen(run) ? 1 : 0);

/** Returns the bars of a pulse in a box, one a slot: of two in one slot the graver is kept. */
export function layOut(pulse: Pulse, box: Box): Layout {
  const slots = slotsOf(pulse, box);
  const slotOf = placing(pulse, slots);
  const bySlot = new Map<number, { run: Run; others: number }>();
  let lastSlot = -1;
  for (const run of pulse.runs) {
    const slot = slotOf(run);
    lastSlot = slot;
    const held = bySlot.get(slot);
    if (!held) {
      bySlot.set(slot, { run, others: run.stands_for - 1 });
    } else {
      const others = held.others + run.stands_for;
      bySlot.set(slot, { run: graver(held.run, run), others });
    }
  }
  const scale = scaleOf(pulse);
  const step = box.width / slots;
  const gap = step >= 4 ? 1.5 : 0.75;
  const bars = [...bySlot].map(([slot, { run, others }]) => {
    const kind = kindOf(run, slot === lastSlot);
    const share = kind === 'failed' ? FAILED_HEIGHT : scale.heightOf(run.records_changed);
    return {
      run,
      kind,
      others,
      x: slot * step,
      width: Math.max(1, step - gap),
      height: Math.max(LEAST_PX, Math.round(share * box.height)),
    };
  });
  return { bars: bars.sort((one, other) => one.x - other.x), scale };
}

const lengthOf = ({ since, until }: Pulse): number => Date.parse(until) - Date.parse(since);

/** A slot for every quarter of an hour if there is room, so that scheduled runs stand side by side. */
function slotsOf(pulse: Pulse, { width, narrowest, widest }: Box): number {
  const quarters = lengthOf(pulse) / QUARTER_MS;
  return Math.max(1, Math.floor(Math.min(width / narrowest, Math.max(width / widest, quarters))));
}

/**
 * Returns the slot of each run. Slots are laid so that the last run stands in the middle of its own:
 * a schedule that is a little early or late then fills each slot once.
 */
function placing(pulse: Pulse, slots: number): (run: Run) => number {
  const since = Date.parse(pulse.since);
  const slotMs = lengthOf(pulse) / slots;
  const last = Date.parse(pulse.runs.at(-1)?.created_at ?? pulse.until);
  const lastSlot = Math.min(slots - 1, Math.floor((last - since) / slotMs));
  return ({ created_at: at }) => {
    const slot = lastSlot + Math.round((Date.parse(at) - last) / slotMs);
    return Math.max(0, Math.min(slots - 1, slot));
  };
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
  const middle = some[Math.floor(some.length / 2)] ?? 0;
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
    ticks: Array.from({ length: powers }, (_, index) => 10 ** (index + 1)),
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
