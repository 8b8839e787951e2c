/** The page's sentences. Pure: what is known and the moment go in, words come out. */
import { counted, formatDay, symbolOf } from '@/lib/format';
import { roundFigure } from '@/lib/differences';
import type { Basis } from '../api/queries';

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

/** `2 of these deals have open conflicts, S$ 3.21 M`; null without any. */
export function conflictWords({ conflicts, base_currency: base }: Basis): string | null {
  if (conflicts === null || conflicts.deals === 0) return null;
  const { deals, value } = conflicts;
  return `${counted(deals, 'of these deals has an open conflict', 'of these deals have open conflicts')}, ${symbolOf(base)} ${roundFigure(value)}`;
}
