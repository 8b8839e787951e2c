/** What a total leaves out for want of a rate, in words. */
import { counted, formatNumber } from './format';

export type MissingRate = { currency: string | null; deals: number };

/** `3 deals in LKR and 1 in ZAR have no rate and are not in these totals.`; empty without any. */
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
  return `${listed ?? ''} ${isOne ? 'has' : 'have'} no rate and ${isOne ? 'is' : 'are'} not in these totals.`;
}
