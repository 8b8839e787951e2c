/** The steps of a waterfall: from where to where each bar reaches, and how the whole reads. Pure. */
import { counted } from '@/lib/format';
import { formatExact } from './scale';

/** What a bar means: a total, something added or reduced, deals won or lost. */
export type BarKind = 'total' | 'added' | 'reduced' | 'won' | 'lost';

export type WaterfallBar = {
  key: string;
  /** `Pushed out`. */
  label: string;
  kind: BarKind;
  /** A total's value; else the signed change. */
  value: number;
  deals: number;
  /** Under the name in place of the number of deals: the moment of a total. */
  note?: string;
  /** Address of the deals behind the bar. */
  to?: string;
  /** What of it asks for attention: `2 deals have no rate`. */
  mark?: string;
};

export type Step = { bar: WaterfallBar; from: number; to: number };

/** Returns each bar with its two levels: totals stand on zero, changes on what was before them. */
export function stepsOf(bars: readonly WaterfallBar[]): Step[] {
  const steps: Step[] = [];
  let level = 0;
  for (const bar of bars) {
    const from = bar.kind === 'total' ? 0 : level;
    level = from + bar.value;
    steps.push({ bar, from, to: level });
  }
  return steps;
}

/** Returns what a waterfall shows as a sentence, for those who do not see it. */
export function conclusionOf(bars: readonly WaterfallBar[], currency: string): string {
  const totals = bars.filter(({ kind }) => kind === 'total');
  const [start, end] = [totals[0], totals.at(-1)];
  if (start === undefined || end === undefined) return 'No movement.';
  const moved = end.value - start.value;
  const money = (value: number): string => `${currency} ${formatExact(value, currency, false)}`;
  const way =
    moved === 0
      ? `It stands at ${money(end.value)}, as before`
      : `It went ${moved > 0 ? 'up' : 'down'} by ${money(Math.abs(moved))}, from ${money(start.value)} to ${money(end.value)}`;
  const changes = bars
    .filter(({ kind, value, deals }) => kind !== 'total' && (value !== 0 || deals > 0))
    .map(
      ({ label, value, deals }) =>
        `${label.toLowerCase()} ${formatExact(value, currency, true)} in ${counted(deals, 'deal')}`,
    );
  return changes.length === 0 ? `${way}. Nothing moved.` : `${way}: ${changes.join(', ')}.`;
}

export const isFlat = (bars: readonly WaterfallBar[]): boolean =>
  bars.every(({ kind, value, deals }) => kind === 'total' || (value === 0 && deals === 0));

export const isEmpty = (bars: readonly WaterfallBar[]): boolean =>
  bars.every(({ value, deals }) => value === 0 && deals === 0);
