/** The Dashboard's sentences. Pure: what is known and the moment go in, words come out. */
import {
  counted,
  formatAmount,
  formatClock,
  formatDay,
  formatNumber,
  formatShare,
  formatSigned,
  formatWhen,
  symbolOf,
} from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Change, Dashboard, Difference } from '../api/queries';

const MILLION = 1_000_000;
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
export function roundMoney(amount: number, currency: string): string {
  const size = Math.abs(amount);
  const figure =
    size >= MILLION ? `${formatNumber(size / MILLION, 2)} M` : formatAmount(size, currency);
  return `${symbolOf(currency)} ${figure}`;
}

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

/** `+2,140,000`, and the share of what it was; a change that nobody sees is none. */
export function differenceWords({ absolute, relative }: Difference): {
  absolute: string;
  share: string | null;
  direction: 'up' | 'down' | 'none';
} {
  const whole = Math.round(absolute);
  return {
    absolute: formatSigned(whole),
    share: relative === null ? null : signedShare(relative),
    direction: whole > 0 ? 'up' : whole < 0 ? 'down' : 'none',
  };
}

function signedShare(share: number): string {
  const shown = formatShare(Math.abs(share), 1);
  if (shown === formatShare(0, 1)) return shown;
  return `${share > 0 ? '+' : '\u2212'}${shown}`;
}

/** Whether the figures are older than they should be. */
export const isOld = ({ condition }: CurrentStatus): boolean =>
  condition === 'failing' || condition === 'stale';

/** `as of 06:27`. */
export const asOf = (at: string, now: Date): string => `as of ${formatWhen(new Date(at), now)}`;

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

/** `3 deals in LKR and 1 in ZAR have no rate and are not in these totals.` */
export function missingRateWords({ without_rate: missing }: Dashboard): string {
  const [first, ...rest] = missing.map(({ currency, deals }) => ({
    deals,
    where: currency === null ? 'without a currency' : `in ${currency}`,
  }));
  if (first === undefined) return '';
  const parts = [
    `${counted(first.deals, 'deal')} ${first.where}`,
    ...rest.map(({ deals, where }) => `${formatNumber(deals)} ${where}`),
  ];
  const listed =
    parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
  const isOne = missing.length === 1 && first.deals === 1;
  return `${listed ?? ''} ${isOne ? 'has' : 'have'} no rate and ${isOne ? 'is' : 'are'} not in these totals.`;
}

/** What counts as open, in a sentence. */
export function definitionOf({ open }: Dashboard): string {
  return open.rule === 'forecast'
    ? `Open deals are those whose stage the CRM forecasts as open: ${open.stages.join(', ')}.`
    : `The CRM forecasts no stage, so deals with a probability of ${open.probability_from ?? 0} to ${open.probability_to ?? 0} % count as open.`;
}
