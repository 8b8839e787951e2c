/** By which rates values became the base currency, in words. Pure. */
import type { Schema } from './api';
import { counted, formatDay } from './format';

type Basis = Schema['Basis'];

/** `CRM rates of 16 Aug`; empty where no value needed a rate. */
export function ratesWords({ rates, own_rate_deals: own }: Basis, now: Date): string {
  const newest = rates
    .map(({ since }) => since)
    .sort()
    .at(-1);
  if (newest !== undefined) return `CRM rates of ${formatDay(newest, now)}`;
  return own > 0 ? 'by the deals’ own rates' : '';
}

/** How values became the base currency, in a sentence, for what stands behind a number. */
export function pricedWords(basis: Basis, now: Date): string {
  const { base_currency: base, own_rate_deals: own } = basis;
  const rates = ratesWords(basis, now);
  if (rates === '') return `Amounts in ${base}.`;
  const owned = own > 0 ? ` ${counted(own, 'deal')} by a rate of their own.` : '';
  return basis.rates.length > 0 ? `In ${base} by ${rates}.${owned}` : `In ${base} ${rates}.`;
}
