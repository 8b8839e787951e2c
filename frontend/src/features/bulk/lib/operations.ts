/** The three ways to ask for a bulk operation, with what each takes. */
import { formatWhole } from '@/lib/format';
import type { Operation } from '../api/bulk';

type OperationWords = { operation: Operation; word: string; limit: number; sentence: string };

/** Limits of one operation; the server has the last word. */
export const OPERATIONS: readonly OperationWords[] = [
  {
    operation: 'small_batch',
    word: 'Small batch',
    limit: 100,
    sentence: 'Up to 100 deals, each written only if nobody has changed it since it was read.',
  },
  {
    operation: 'mass_update',
    word: 'Mass update',
    limit: 50_000,
    sentence: 'Up to 50,000 deals, at the price that is lowest for them.',
  },
  {
    operation: 'bulk_write',
    word: 'Bulk write',
    limit: 25_000,
    sentence: 'Up to 25,000 deals, as updates or as a file that the CRM takes in.',
  },
];

/** No operation takes more deals. */
export const MOST_DEALS = Math.max(...OPERATIONS.map(({ limit }) => limit));

const wordsOfOperation = (wanted: Operation): OperationWords | undefined =>
  OPERATIONS.find(({ operation }) => operation === wanted);

/** Returns why an operation does not take so many deals; null if it does. */
export function whyTooMany(wanted: Operation, count: number): string | null {
  const known = wordsOfOperation(wanted);
  if (known === undefined || count <= known.limit) return null;
  return `A ${known.word.toLowerCase()} takes at most ${formatWhole(known.limit)} deals; ${formatWhole(count)} are chosen.`;
}

/** Returns the operation that fits so many deals, which is the wanted one if it does. */
export function fitting(wanted: Operation, count: number): Operation {
  return whyTooMany(wanted, count) === null ? wanted : 'mass_update';
}

/** Above so many deals the number is typed before they are written. */
const TYPED_ABOVE = 1_000;

export const mustType = (count: number): boolean => count > TYPED_ABOVE;

/** Returns whether what was typed is the number, with or without separators. */
export const isTyped = (typed: string, count: number): boolean =>
  typed.replace(/[\s,.'’]/g, '') === String(count);
