/** The axis of the milestones: which days it shows, where each stands, and where months begin. Pure. */
import type { Opportunity } from '../api/queries';

const DAY_MS = 86_400_000;
/** Air at both ends, as a share of what is between them. */
const AIR = 0.03;
const LEAST_DAYS = 60;
const MOST_TICKS = 10;

export type Tick = { at: number; day: string; isYear: boolean };

export type Span = {
  /** Returns where a day stands, 0 at the left end and 1 at the right. */
  place: (day: string) => number;
  ticks: readonly Tick[];
};

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** Returns the axis that shows all that is known of an opportunity, and today. */
export function spanOf({ phases, today }: Opportunity): Span {
  const days = [
    today,
    ...phases.flatMap((phase) => [
      phase.starts_on,
      phase.ends_on,
      phase.expected_start_on,
      phase.expected_end_on,
      ...phase.milestones.flatMap((each) => [each.planned_on, each.actual_on, each.expected_on]),
    ]),
  ]
    .filter((day) => day !== null)
    .map(dayNumber);
  const first = Math.min(...days);
  const length = Math.max(Math.max(...days) - first, LEAST_DAYS);
  const from = first - length * AIR;
  const whole = length * (1 + 2 * AIR);
  return {
    place: (day) => (dayNumber(day) - from) / whole,
    ticks: ticksBetween(from, from + whole).map(({ day, isYear }) => ({
      day,
      isYear,
      at: (dayNumber(day) - from) / whole,
    })),
  };
}

/** Returns the first days of months, quarters or years, so many that their names have room. */
function ticksBetween(from: number, to: number): Omit<Tick, 'at'>[] {
  const months = (to - from) / 30.4;
  const step = [1, 2, 3, 6, 12, 24, 60].find((each) => months / each <= MOST_TICKS) ?? 120;
  const first = new Date(Math.ceil(from) * DAY_MS);
  let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
  if (first.getUTCDate() > 1) month += 1;
  month = Math.ceil(month / step) * step;
  const ticks: Omit<Tick, 'at'>[] = [];
  for (;;) {
    const number = Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;
    if (number > to) return ticks;
    ticks.push({ day: dayText(number), isYear: month % 12 === 0 });
    month += step;
  }
}
