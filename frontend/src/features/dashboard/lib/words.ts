/** The Dashboard's sentences. Pure: what is known and the moment go in, words come out. */
import { counted, formatClock, formatDay, formatNumber, formatWhen, symbolOf } from '@/lib/format';
import { roundFigure } from '@/lib/differences';
import type { Change, Dashboard } from '../api/queries';

const NOON = 12;
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const heading = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});

/** `Monday, 17 August`, where the reader is. */
export const headingOf = (now: Date): string => heading.format(now);

/** `S$ 2.14 M`, and in full below a million. */
export const roundMoney = (amount: number, currency: string): string =>
  `${symbolOf(currency)} ${roundFigure(Math.abs(amount))}`;

/** `last Monday`; where history is shorter, its beginning. */
export function sinceWords({ since, is_cut: isCut }: Change, now: Date): string {
  const moment = new Date(since);
  return isCut ? formatWhen(moment, now) : `last ${weekday.format(moment)}`;
}

/** `18 new deals, 4 won, 2 lost, 9 pushed out`; what did not happen is not told. */
export function movedWords(change: Change): string {
  const parts: string[] = [];
  if (change.new_deals > 0) parts.push(counted(change.new_deals, 'new deal'));
  if (change.won_deals > 0) parts.push(`${formatNumber(change.won_deals)} won`);
  if (change.lost_deals > 0) parts.push(`${formatNumber(change.lost_deals)} lost`);
  if (change.postponed_deals > 0) parts.push(`${formatNumber(change.postponed_deals)} pushed out`);
  return parts.join(', ');
}

export const nothingToDo = (now: Date): string =>
  now.getHours() < NOON ? 'Nothing needs you this morning.' : 'Nothing needs you now.';

/** `08:41` today, `14 Aug` on another day. */
export function briefly(moment: Date, now: Date): string {
  return moment.toDateString() === now.toDateString()
    ? formatClock(moment)
    : formatDay(isoDay(moment), now);
}

const isoDay = (moment: Date): string =>
  [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].join('-');

/** `paused at 06:27`. */
export const pausedAt = (moment: Date): string => `paused at ${formatClock(moment)}`;

/** What counts as open, in a sentence. */
export function definitionOf({ open }: Dashboard): string {
  return open.rule === 'forecast'
    ? `Open deals are those whose stage the CRM forecasts as open: ${open.stages.join(', ')}.`
    : `The CRM forecasts no stage, so deals with a probability of ${open.probability_from ?? 0} to ${open.probability_to ?? 0} % count as open.`;
}
