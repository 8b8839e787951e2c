import { formatNumber } from '@/lib/format';

/** Returns a rate with the four to five digits that matter; its title has them all. */
export function shortRate(rate: string): string {
  const value = Number(rate);
  if (value === 1) return '1';
  const places = value >= 1 || value === 0 ? 4 : Math.min(10, 3 - Math.floor(Math.log10(value)));
  return formatNumber(rate, places);
}
