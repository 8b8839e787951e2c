/** The geometry of the rate chart: what was, and what is expected of the rest. Pure. */
import type { RateOverTime } from '../api/queries';

export type Point = { at: number; rate: number };

export type RateShape = {
  past: Point[];
  /** Where the run stands and where it is expected to end; null where that is not known. */
  expected: { from: Point; until: number } | null;
  /** Seconds that the axis spans, and its rounded marks. */
  span: number;
  marksX: number[];
  top: number;
  marksY: number[];
};

const STEPS = [1, 2, 4, 5, 10];

/** Returns a round distance so that at most `most` marks cover `span`. */
export function roundStep(span: number, most: number): number {
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = STEPS.find((step) => step * power >= raw) ?? 10;
  return factor * power;
}

function marks(until: number, step: number): number[] {
  return Array.from({ length: Math.floor(until / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** What is expected of the rest: seconds to the end, at the run's average rate. */
export type Rest = { left: number; rate: number };

/** `rest` is null when the run is over, or its end cannot be known. */
export function shapeOf(history: RateOverTime, rest: Rest | null): RateShape {
  const past = [{ at: 0, rate: 0 }, ...history.samples.map(({ at_s: at, rate }) => ({ at, rate }))];
  const now = past.at(-1) ?? { at: 0, rate: 0 };
  const expected =
    rest !== null && rest.left > 0
      ? { from: { at: now.at, rate: rest.rate }, until: now.at + rest.left }
      : null;
  const span = Math.max(expected?.until ?? now.at, 1);
  const highest = Math.max(...past.map(({ rate }) => rate), expected?.from.rate ?? 0);
  const stepY = Math.max(1, roundStep(Math.max(highest, 1), 3)); // marks are whole records a second
  const top = Math.max(1, Math.ceil(highest / stepY)) * stepY;
  const stepX = roundStep(span, 4);
  return {
    past,
    expected,
    span,
    marksX: marks(span, stepX),
    top,
    marksY: highest === 0 ? [0] : marks(top, stepY),
  };
}

/** What the chart says, for those who do not see it. */
export function conclusionOf(history: RateOverTime): { highest: number; waits: number } {
  return {
    highest: Math.max(0, ...history.samples.map(({ rate }) => rate)),
    waits: history.waits.length,
  };
}
