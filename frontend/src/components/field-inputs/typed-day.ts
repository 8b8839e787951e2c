/** Days and moments as people type them: `14 Aug`, `14/8/2026`, `2026-08-14`, `tomorrow`, `+7`. */

const DAY_MS = 86_400_000;
const ISO_DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const NUMBERS = /^(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?$/;
const DAY_FIRST = /^(\d{1,2})\.?\s*([\p{L}]{3,})\.?,?\s*(\d{4}|\d{2})?$/u;
const MONTH_FIRST = /^([\p{L}]{3,})\.?\s*(\d{1,2}),?\s*(\d{4}|\d{2})?$/u;
const FROM_TODAY = /^([+-]\d{1,4})$/;
const CLOCK = /[,\s]+(\d{1,2})[:.](\d{2})$/;

const pad = (number: number, places = 2): string => String(number).padStart(places, '0');

/** Returns a day of the calendar as the server takes it; null where there is none such. */
function dayOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? `${pad(year, 4)}-${pad(month)}-${pad(day)}` : null;
}

const yearOf = (typed: string | undefined, today: string): number => {
  if (typed === undefined) return Number(today.slice(0, 4));
  return typed.length === 2 ? 2_000 + Number(typed) : Number(typed);
};

function isDayFirst(locale?: string): boolean {
  const parts = new Intl.DateTimeFormat(locale).formatToParts(new Date(2026, 7, 14));
  const order = parts.map(({ type }) => type);
  return order.indexOf('day') < order.indexOf('month');
}

/** Returns the number of a month by its first letters, in English or the reader's language. */
function monthOf(word: string, locale?: string): number | null {
  const letters = word.toLowerCase();
  for (const language of ['en', locale]) {
    const name = new Intl.DateTimeFormat(language, { month: 'long' });
    for (let month = 0; month < 12; month += 1) {
      if (
        name
          .format(new Date(2026, month, 1))
          .toLowerCase()
          .startsWith(letters)
      )
        return month + 1;
    }
  }
  return null;
}

/** Returns the day so many days after another. */
function later(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Returns the day that a text means, as `2026-08-14`; null for none, and the text itself where it is no
 * day. `today` is the day from which a year that was left out and `tomorrow` are told.
 */
export function readDay(typed: string, today: string, locale?: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  const word = text.toLowerCase();
  const near = { yesterday: -1, today: 0, tomorrow: 1 }[word] ?? FROM_TODAY.exec(text)?.[1];
  if (near !== undefined) return later(today, Number(near));
  const iso = ISO_DAY.exec(text);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3])) ?? typed;
  const numbers = NUMBERS.exec(text);
  if (numbers) {
    const [first, second] = [Number(numbers[1]), Number(numbers[2])];
    const [day, month] = isDayFirst(locale) ? [first, second] : [second, first];
    return dayOf(yearOf(numbers[3], today), month, day) ?? typed;
  }
  const dayFirst = DAY_FIRST.exec(text);
  const monthFirst = MONTH_FIRST.exec(text);
  const [day, name, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  const month = name === undefined ? null : monthOf(name, locale);
  if (month === null) return typed;
  return dayOf(yearOf(year, today), month, Number(day)) ?? typed;
}

/**
 * Returns the moment that a day with a time of day means here, as ISO 8601 in UTC; null for none, and
 * the text itself where it is no moment. Without a time it is the start of the day.
 */
export function readMoment(typed: string, today: string, locale?: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  const clock = CLOCK.exec(text);
  const [hour, minute] = clock ? [Number(clock[1]), Number(clock[2])] : [0, 0];
  const day = readDay(clock ? text.slice(0, clock.index) : text, today, locale) ?? today;
  if (!ISO_DAY.test(day) || hour > 23 || minute > 59) return typed;
  return new Date(`${day}T${pad(hour)}:${pad(minute)}:00`).toISOString().replace('.000Z', 'Z');
}

/** Returns a moment as a browser's own picker takes it: `2026-08-14T17:20`, here. */
export function localMinute(moment: Date): string {
  const day = `${pad(moment.getFullYear(), 4)}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
  return `${day}T${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

export const isDay = (value: string): boolean => {
  const iso = ISO_DAY.exec(value);
  return iso !== null && dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3])) === value;
};

export const isMoment = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value));
