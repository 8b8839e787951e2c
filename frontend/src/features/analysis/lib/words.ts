/** The page's sentences. Pure: what is known and the moment go in, words come out. */
import { counted, symbolOf } from '@/lib/format';
import { roundFigure } from '@/lib/differences';
import type { Basis } from '../api/queries';

/** `2 of these deals have open conflicts, S$ 3.21 M`; null without any. */
export function conflictWords({ conflicts, base_currency: base }: Basis): string | null {
  if (conflicts === null || conflicts.deals === 0) return null;
  const { deals, value } = conflicts;
  return `${counted(deals, 'of these deals has an open conflict', 'of these deals have open conflicts')}, ${symbolOf(base)} ${roundFigure(value)}`;
}
