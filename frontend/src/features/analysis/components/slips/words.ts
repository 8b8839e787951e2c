/** What slips are called, and what stands under each sum. Pure. */
import { counted, formatShare, formatWhen } from '@/lib/format';
import type { SlipKind, Slips } from '../../api/slips';

export const KIND_WORDS: Readonly<Record<SlipKind, string>> = {
  moved: 'Moved later',
  moved_out: 'Moved out of the period',
  overdue: 'Overdue',
};

/** What each list is, for people who cannot see which choice is pressed, and for empty ones. */
export const NOTHING: Readonly<Record<SlipKind, string>> = {
  moved: 'No closing date was moved later.',
  moved_out: 'No deal was moved out of the period.',
  overdue: 'No open deal is past its closing date.',
};

export type Sum = { kind: SlipKind; deals: number; value: number; fact: string };

/** Returns the sums that there are: without a comparison, what is overdue alone. */
export function sumsOf({ moved, moved_out: out, moved_out_share: share, overdue }: Slips): Sum[] {
  const sums: Sum[] = [];
  if (moved !== null) {
    sums.push({ kind: 'moved', ...moved, fact: counted(moved.deals, 'deal') });
  }
  if (out !== null) {
    const part = share === null ? '' : `, ${formatShare(share)} of that pipeline`;
    sums.push({ kind: 'moved_out', ...out, fact: `${counted(out.deals, 'deal')}${part}` });
  }
  sums.push({ kind: 'overdue', ...overdue, fact: counted(overdue.deals, 'open deal') });
  return sums;
}

/** `closing dates of 10 Aug, 08:00 and now`. */
export function hintOf({ basis, comparison }: Slips, now: Date): string | undefined {
  if (comparison.compared_with === null) return undefined;
  const then = formatWhen(new Date(comparison.compared_with), now);
  const end = basis.is_past ? formatWhen(new Date(basis.as_of), now) : 'now';
  const cut = comparison.is_cut ? ', where history begins,' : '';
  return `closing dates of ${then}${cut} and ${end}`;
}
