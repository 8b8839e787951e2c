/** How an amount became base currency, in words: one hover away from each converted figure. */
import { formatAmount, formatDay, formatNumber } from '@/lib/format';
import type { DealRow, DealSummary } from '../api/queries';

/** The base currency, and since when each of the CRM's rates holds. */
export type RateWords = { base: string | undefined; rates: DealSummary['rates'] };

const DIGITS = 4;

/** Returns such as `INR 118,500,000 × 0.01524, CRM rate of 16 Aug`. */
export function rateWords(row: DealRow, { base, rates }: RateWords, now: Date): string {
  const { amount, value, currency, rate_source } = row;
  if (amount === null || value === null) return '';
  const code = currency ?? base ?? '';
  const own = `${code} ${formatAmount(amount, code, { cents: true })}`.trim();
  if (rate_source === 'none_needed' || amount === 0) return own;
  const factor = formatNumber(Number((value / amount).toPrecision(DIGITS)));
  const since = rates.find((rate) => rate.currency === currency)?.since;
  const source =
    rate_source === 'deal'
      ? "the deal's own rate"
      : since === undefined
        ? 'CRM rate'
        : `CRM rate of ${formatDay(since, now)}`;
  return `${own} × ${factor}, ${source}`;
}
