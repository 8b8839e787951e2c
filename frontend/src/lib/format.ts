/** Numbers, money, dates and ages as the reader's locale writes them. Pure: the moment is handed in. */

const MINUS = '\u2212';
const EN_DASH = '\u2013';

/** What stands for "does not apply"; a value that was never set reads "Empty". */
export const NONE = EN_DASH;

const numbers = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(undefined, options);
    numbers.set(key, format);
  }
  return format;
}

const minus = (text: string): string => text.replaceAll('-', MINUS);

/** A number as a person wrote it or as the API sends an exact one: a decimal in a string. */
export type Figure = number | string;

// Intl reads decimal strings exactly; its type in TypeScript's library asks for a literal.
const exact = (value: Figure): number => value as number;

/** `48,210`; with `digits` exactly so many places. */
export function formatNumber(value: Figure, digits?: number): string {
  return minus(
    numberFormat(
      digits === undefined
        ? { maximumFractionDigits: 20 }
        : { minimumFractionDigits: digits, maximumFractionDigits: digits },
    ).format(exact(value)),
  );
}

/** `48,210`: a count or a figure in whole units. */
export const formatWhole = (value: Figure): string => formatNumber(value, 0);

/** `+2,140,000`, `−611,200`, `0`. */
export function formatSigned(value: Figure, digits = 0): string {
  return minus(
    numberFormat({
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: 'exceptZero',
    }).format(exact(value)),
  );
}

/** A share of 1 as `99.98 %`: one place, three under 0.1 %, and never rounded up to 100. */
export function formatShare(share: number, digits?: number): string {
  const places = digits ?? (share !== 0 && Math.abs(share) < 0.001 ? 3 : 1);
  const scale = 10 ** (places + 2);
  const isNearlyAll = share < 1 && Math.round(share * scale) >= scale;
  return minus(
    numberFormat({
      style: 'percent',
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    }).format(isNearlyAll ? Math.floor(share * scale) / scale : share),
  );
}

/** A whole percentage as CRM probabilities are: `70 %` in the locale's way. */
export function formatPercent(percent: Figure): string {
  return minus(
    numberFormat({ style: 'percent', maximumFractionDigits: 2 }).format(Number(percent) / 100),
  );
}

/** Places that a currency has: 2 for SGD, 0 for JPY, and by custom 0 for IDR and VND. */
export function placesOf(currency: string): number {
  if (currency === 'IDR') return 0;
  try {
    return (
      numberFormat({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    );
  } catch {
    return 2; // an ISO code that this browser does not know
  }
}

/** The amount alone: `1,350,000.00` with cents, `1,350,000` without. */
export function formatAmount(amount: Figure, currency: string, { cents = false } = {}): string {
  return formatNumber(amount, cents ? placesOf(currency) : 0);
}

/** `S$`, `€`, or the ISO code where the locale knows no shorter sign. */
export function symbolOf(currency: string): string {
  if (currency === 'SGD') return 'S$';
  try {
    const parts = numberFormat({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
    return parts.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency;
  } catch {
    return currency;
  }
}

/** `0.9 s`, `40 s`, `2 min 40 s`, `2 h 14 min`, `63 days`. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${formatNumber(Math.floor(seconds * 10) / 10, 1)} s`;
  if (seconds < 60) return `${formatWhole(Math.floor(seconds))} s`;
  if (seconds < 3_600) {
    const rest = Math.floor(seconds % 60);
    const minutes = `${Math.floor(seconds / 60)} min`;
    return rest === 0 || seconds >= 600 ? minutes : `${minutes} ${rest} s`;
  }
  if (seconds < 172_800) {
    const rest = Math.floor((seconds % 3_600) / 60);
    const hours = `${Math.floor(seconds / 3_600)} h`;
    return rest === 0 ? hours : `${hours} ${rest} min`;
  }
  return `${formatWhole(Math.floor(seconds / 86_400))} days`;
}

/** `40 s ago`, `12 min ago`, `2 h ago`: an age in its largest unit. */
export function formatAge(seconds: number): string {
  const unit = seconds < 60 ? 1 : seconds < 3_600 ? 60 : seconds < 172_800 ? 3_600 : 86_400;
  const whole = Math.max(0, Math.floor(seconds / unit));
  return `${unit === 1 ? `${whole} s` : formatDuration(whole * unit)} ago`;
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const clockSeconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const clockHundredths = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 2,
  hourCycle: 'h23',
});
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const full = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

/** `08:41`. */
export const formatClock = (moment: Date): string => clock.format(moment);
/** `08:41:58`. */
export const formatClockSeconds = (moment: Date): string => clockSeconds.format(moment);
/** `08:42:08.91`, for logs. */
export const formatLogTime = (moment: Date): string => clockHundredths.format(moment);
/** `17 Aug 2026, 08:41:58 SGT`. */
export const formatStamp = (moment: Date): string => full.format(moment);

export const isSameDay = (one: Date, other: Date): boolean =>
  one.toDateString() === other.toDateString();

/** A moment as briefly as it can be told: `40 s ago`, `12 min`, `08:41`, `14 Aug`, `14 Aug 2025`. */
export function formatMoment(moment: Date, now: Date): string {
  const age = (now.getTime() - moment.getTime()) / 1_000;
  if (age >= -5 && age < 60) return `${Math.max(0, Math.floor(age))} s ago`;
  if (age >= 60 && age < 3_600) return `${Math.floor(age / 60)} min`;
  if (isSameDay(moment, now)) return clock.format(moment);
  return moment.getFullYear() === now.getFullYear()
    ? dayOfYear.format(moment)
    : dayAndYear.format(moment);
}

/** A time of day, with the day where that is not today: `08:41`, `14 Aug, 17:20`. */
export function formatWhen(moment: Date, now: Date): string {
  if (isSameDay(moment, now)) return clock.format(moment);
  const day = moment.getFullYear() === now.getFullYear() ? dayOfYear : dayAndYear;
  return `${day.format(moment)}, ${clock.format(moment)}`;
}

/** A date without a time, as `2026-08-14`: no zone can shift it. */
export function parseDay(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
}

/** `14 Aug`, or `14 Aug 2025` in another year than the present one. */
export function formatDay(day: string, now: Date): string {
  const date = parseDay(day);
  return date.getFullYear() === now.getFullYear()
    ? dayOfYear.format(date)
    : dayAndYear.format(date);
}

/** `14 Aug 2026`. */
export const formatDayFull = (day: string): string => dayAndYear.format(parseDay(day));

/** `1 deal`, `48,210 deals`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatWhole(count)} ${count === 1 ? one : many}`;
}
