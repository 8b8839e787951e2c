/** What a total leaves out for want of a rate, in words. */
import { AS_OF } from './deal-filters';
import { counted, formatNumber } from './format';

export type MissingRate = { currency: string | null; deals: number };

/** `3 deals in LKR and 1 in ZAR have no rate and are not in this total.`; empty without any. */
export function missingRateWords(missing: readonly MissingRate[]): string {
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
  return `${listed ?? ''} ${isOne ? 'has' : 'have'} no rate and ${isOne ? 'is' : 'are'} not in this total.`;
}

/** `LKR has no rate to SGD, so it is in no total`: of one deal. */
export const noRateWords = (currency: string | null, base = 'the base currency'): string =>
  currency === null
    ? 'It has no currency, so it is in no total'
    : `${currency} has no rate to ${base}, so it is in no total`;

/** Returns the address of the deals in some currencies, of a territory and as of a moment; null is all, now. */
export function dealsWithoutRate(
  currencies: readonly string[],
  { territory, asOf }: { territory: string | null; asOf: string | null },
): string {
  const params = new URLSearchParams();
  for (const currency of currencies) params.append('currency', currency);
  if (territory !== null) params.append('region', territory);
  if (asOf !== null) params.set(AS_OF, asOf);
  return `/deals?${params.toString()}`;
}
