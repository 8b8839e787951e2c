/** Revenue month by month as bars, and how the whole reads. Pure. */
import { formatExact } from '@/components/charts/scale';
import { counted, formatNumber, parseDay } from '@/lib/format';
import type { Revenue, RevenueMonth } from '../api/queries';

const short = new Intl.DateTimeFormat(undefined, { month: 'short' });
const long = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** A part of a bar: what was realised, or what is expected on top of it. */
export type Part = {
  kind: 'realised' | 'expected';
  value: number;
  deals: number;
  /** `August 2026, realised`. */
  title: string;
};

export type MonthBar = {
  key: string;
  label: string;
  name: string;
  first: string;
  last: string;
  isRunning: boolean;
  parts: Part[];
  total: number;
};

export function barsOf({ basis, months }: Revenue): MonthBar[] {
  return months.map(({ starts_on: first, ends_on: last, realised, expected }) => {
    const name = long.format(parseDay(first));
    const parts: Part[] = [];
    if (realised.deals > 0) {
      parts.push({ kind: 'realised', ...realised, title: `${name}, realised` });
    }
    if (expected !== null && expected.deals > 0) {
      const { deals, weighted: value } = expected;
      parts.push({ kind: 'expected', deals, value, title: `${name}, weighted` });
    }
    return {
      key: first,
      label: short.format(parseDay(first)),
      name,
      first,
      last,
      isRunning: first <= basis.today && basis.today <= last,
      parts,
      total: parts.reduce((sum, { value }) => sum + value, 0),
    };
  });
}

const sum = (months: readonly RevenueMonth[], value: (month: RevenueMonth) => number): number =>
  months.reduce((total, month) => total + value(month), 0);

/** What the chart shows, as a sentence. */
export function conclusionOf({ basis, months }: Revenue): string {
  const base = basis.base_currency;
  const money = (value: number): string => `${base} ${formatExact(value, base, false)}`;
  const past = months.filter(({ ends_on: last }) => last < basis.today);
  const ahead = months.filter(({ expected }) => expected !== null);
  const greatest = ahead.reduce<RevenueMonth | null>(
    (most, month) =>
      (month.expected?.weighted ?? 0) > (most?.expected?.weighted ?? 0) ? month : most,
    null,
  );
  const realised = `${money(sum(past, ({ realised: { value } }) => value))} realised in the ${formatNumber(past.length)} months before this one`;
  const expected = `${money(sum(ahead, (month) => month.expected?.weighted ?? 0))} weighted in ${counted(ahead.length, 'month')} from this one on`;
  const peak =
    greatest === null ? '' : `, most of it in ${long.format(parseDay(greatest.starts_on))}`;
  return `Revenue and forecast: ${realised}, ${expected}${peak}.`;
}
