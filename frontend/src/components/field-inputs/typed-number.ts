/** Numbers as people type them in their locale, and as the server takes them: exact decimal strings. */
import { formatNumber } from '@/lib/format';

const DECIMAL = /^-?\d+(\.\d+)?$/;

type Marks = { group: string; point: string };

/** Returns the reader's marks between thousands and before decimals. */
function marksOf(locale?: string): Marks {
  const parts = new Intl.NumberFormat(locale).formatToParts(1_234_567.8);
  const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { group: find('group') || ',', point: find('decimal') || '.' };
}

const escaped = (mark: string): string => mark.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * Returns the number that a text means, as a decimal string; null for none at all, and the text itself
 * where it is no number.
 *
 * A mark of thousands counts as one only where it parts thousands (or lakhs): `1350.5` is the same
 * number for a reader who writes it `1.350,5`.
 */
export function readNumber(typed: string, locale?: string): string | null {
  const { group, point } = marksOf(locale);
  const text = typed
    .trim()
    .replaceAll('\u2212', '-')
    .replaceAll(/[\s\u00a0\u202f'’]/g, '')
    .replace(/%$/, '');
  if (text === '') return null;
  const [g, p] = [escaped(group), escaped(point)];
  const isGrouped = new RegExp(`^-?\\d{1,3}(${g}\\d{2,3})*${g}\\d{3}(${p}\\d*)?$`).test(text);
  const whole = isGrouped ? text.replaceAll(group, '') : text;
  const plain = whole
    .replace(point, '.')
    .replace(/\.$/, '')
    .replace(/^(-?)\./, '$10.');
  return DECIMAL.test(plain) ? plain.replace(/^(-?)0+(?=\d)/, '$1') : typed;
}

/** Returns a value as its input shows it at rest: grouped if it is a number, else as it was typed. */
export const showNumber = (value: string): string =>
  DECIMAL.test(value) ? formatNumber(value) : value;
