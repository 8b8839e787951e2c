/** The Dashboard's sentences. Pure: what is known and the moment go in, words come out. */
import { roundFigure } from '@/lib/differences';
import {
  counted,
  formatClock,
  formatDay,
  formatNumber,
  formatWhen,
  parseDay,
  symbolOf,
} from '@/lib/format';
import type { Movement } from '@/lib/queries/movement';
import type { Numbers } from '@/lib/queries/pipeline';
import type { Revenue } from '../api/queries';
import type { OpenedRevenue } from '../components/revenue-drawer';

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

/** Whether figures are compared with the usual moment, a week before. */
export const isUsual = ({ is_cut: isCut }: Numbers['comparison'], asked: string | null): boolean =>
  asked === null && !isCut;

/** `last Monday`; of another moment than the usual one, when it was. */
export function sinceWords(
  comparison: Numbers['comparison'],
  asked: string | null,
  now: Date,
): string {
  const moment = new Date(comparison.compared_with ?? now);
  return isUsual(comparison, asked) ? `last ${weekday.format(moment)}` : formatWhen(moment, now);
}

/** `18 new deals, 4 won, 2 lost, 9 pushed out`; what did not happen is not told. */
export function movedWords({ buckets }: Movement): string {
  const deals = (name: string): number => buckets.find(({ bucket }) => bucket === name)?.deals ?? 0;
  const parts: string[] = [];
  if (deals('new') > 0) parts.push(counted(deals('new'), 'new deal'));
  for (const [name, words] of [
    ['won', 'won'],
    ['lost', 'lost'],
    ['pulled_in', 'pulled in'],
    ['pushed_out', 'pushed out'],
  ] as const) {
    if (deals(name) > 0) parts.push(`${formatNumber(deals(name))} ${words}`);
  }
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

/** The reason without its threshold: the first sentence, without its stop. */
export const mainReason = (reason: string): string =>
  (reason.split(/\.\s/)[0] ?? reason).replace(/\.$/, '');

const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
const MONTHS = 3;

/** `Q3 2026`, `Aug 2026`: the days of a whole quarter or month; null for any other range. */
export function periodWords(from: string | null, to: string | null): string | null {
  if (from === null || to === null) return null;
  const [first, last] = [parseDay(from), parseDay(to)];
  const after = new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1);
  if (first.getDate() !== 1 || after.getDate() !== 1) return null;
  if (first.getFullYear() !== last.getFullYear()) return null;
  const span = last.getMonth() - first.getMonth() + 1;
  if (span === 1) return month.format(first);
  if (span !== MONTHS || first.getMonth() % MONTHS !== 0) return null;
  return `Q${first.getMonth() / MONTHS + 1} ${first.getFullYear()}`;
}

/** `Q3` of `2026-Q3`. */
export const shortQuarter = (quarter: string): string => quarter.slice(-2);

/** `Q3 2026` of `2026-Q3`. */
export const quarterWords = (quarter: string): string =>
  `${shortQuarter(quarter)} ${quarter.slice(0, 4)}`;

/** What opens the deals whose revenue was recognised in the quarter, up to today. */
export const openedQuarter = ({ basis, quarter }: Revenue): OpenedRevenue => ({
  kind: 'realised',
  first: quarter.starts_on,
  last: basis.today,
  title: `Revenue realised, ${quarterWords(quarter.quarter)}`,
  value: quarter.value,
  deals: counted(quarter.deals, 'deal'),
});
