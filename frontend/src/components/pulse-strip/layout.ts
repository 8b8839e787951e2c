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
/** One load of thousands must not flatten a day of tens. */
const LOG_FROM = 200;
const LOG_RATIO = 10;

const isOpen = ({ status }: Run): boolean => status === 'pending' || status === 'in_progress';
const weight = (run: Run): number => (run.status === 'failed' ? 2 : isOpen(run) ? 1 : 0);

/** Returns the bars of a pulse in a box, one a slot: of two in one slot the graver is kept. */
export function layOut(pulse: Pulse, box: Box): Layout {
  const since = Date.parse(pulse.since);
  const length = Date.parse(pulse.until) - since;
  const pitch = pitchOf(length, box);
  const slots = Math.max(1, Math.floor(box.width / pitch));
  const bySlot = new Map<number, { run: Run; others: number }>();
  let lastSlot = -1;
  for (const run of pulse.runs) {
    const share = (Date.parse(run.created_at) - since) / length;
    const slot = Math.max(0, Math.min(slots - 1, Math.floor(share * slots)));
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
  const gap = pitch >= 4 ? 1.5 : pitch >= 2 ? 0.75 : 0;
  const step = box.width / slots;
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

/** A slot for every quarter of an hour if there is room, so that scheduled runs stand side by side. */
function pitchOf(length: number, { width, narrowest, widest }: Box): number {
  const quarters = length / 900_000 + 1;
  return Math.min(widest, Math.max(narrowest, width / quarters));
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

/** Returns the moments to be named under the strip: whole hours or days, three or four of them. */
export function timeTicks(since: Date, until: Date): Date[] {
  const hours = (until.getTime() - since.getTime()) / 3_600_000;
  const step = [0.25, 6, 24, 48, 168].find((each) => hours / each <= 5) ?? 168;
  const first = new Date(since);
  if (step < 1) first.setMinutes(Math.floor(first.getMinutes() / 15) * 15, 0, 0);
  else first.setHours(step >= 24 ? 0 : Math.floor((first.getHours() - 2) / 6) * 6 + 2, 0, 0, 0);
  const ticks: Date[] = [];
  const edge = (until.getTime() - since.getTime()) * 0.07;
  for (let at = first; at < until; at = later(at, step)) {
    if (at.getTime() > since.getTime() + edge * 1.6 && at.getTime() < until.getTime() - edge)
      ticks.push(at);
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
