/** How a figure differs from what it was, in words. Pure. */
import { formatNumber, formatShare, formatSigned } from './format';

export type Difference = {
  absolute: number;
  /** A share of 1 of what it was; null where that was nothing. */
  relative: number | null;
};

export type DifferenceWords = {
  absolute: string;
  share: string | null;
  direction: 'up' | 'down' | 'none';
};

/** `+2,140,000`, and the share of what it was; a change that nobody sees is none. */
export function differenceWords({ absolute, relative }: Difference, digits = 0): DifferenceWords {
  const scale = 10 ** digits;
  const shown = Math.round(absolute * scale) / scale;
  return {
    absolute: formatSigned(shown, digits),
    share: relative === null ? null : signedShare(relative),
    direction: shown > 0 ? 'up' : shown < 0 ? 'down' : 'none',
  };
}

/** `+4.6 %`, `−3.6 %`, and `0.0 %` without a sign. */
export function signedShare(share: number): string {
  const shown = formatShare(Math.abs(share), 1);
  if (shown === formatShare(0, 1)) return shown;
  return `${share > 0 ? '+' : '\u2212'}${shown}`;
}

const MILLION = 1_000_000;

/** `3.21 M`, and in full below a million. */
export const roundFigure = (amount: number): string =>
  Math.abs(amount) >= MILLION
    ? `${formatNumber(amount / MILLION, 2)} M`
    : formatNumber(Math.round(amount));
