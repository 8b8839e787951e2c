/** Moments that one compares with or looks back to, told from now in the reader's own zone. */
import { formatWhen } from '@/lib/format';

export type Preset = { key: string; word: string; at: (now: Date) => Date };

const daysBefore = (now: Date, days: number): Date => {
  const then = new Date(now);
  // By the calendar, not by hours: a day when clocks are moved stays one day.
  then.setDate(then.getDate() - days);
  return then;
};

/** Returns the same time a month before, on the last day of a month that is too short. */
const aMonthBefore = (now: Date): Date => {
  const then = new Date(now);
  then.setDate(1);
  then.setMonth(then.getMonth() - 1);
  const last = new Date(then.getFullYear(), then.getMonth() + 1, 0).getDate();
  then.setDate(Math.min(now.getDate(), last));
  return then;
};

const beginningOfQuarter = (now: Date): Date =>
  new Date(now.getFullYear(), now.getMonth() - (now.getMonth() % 3), 1);

/** What one looks back to, nearest first. */
export const PRESETS: readonly Preset[] = [
  { key: 'yesterday', word: 'Yesterday', at: (now) => daysBefore(now, 1) },
  { key: 'week', word: 'A week ago', at: (now) => daysBefore(now, 7) },
  { key: 'month', word: 'A month ago', at: aMonthBefore },
  { key: 'quarter', word: 'Beginning of the quarter', at: beginningOfQuarter },
];

/** Returns a moment as addresses and requests write it: to the second, in UTC. */
export const instantOf = (moment: Date): string => moment.toISOString().replace(/\.\d{3}Z$/, 'Z');

/** Returns the moment that an address names; null for none, or for what is no moment. */
export function momentOf(written: string | null): Date | null {
  if (written === null) return null;
  const moment = new Date(written);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** Returns `now`, or the moment in words: `10 Aug, 08:00`. */
export const momentWords = (moment: Date | null, now: Date): string =>
  moment === null ? 'now' : formatWhen(moment, now);
