/** A movement as the bars of a waterfall, and the addresses of its totals' deals. Pure. */
import type { BarKind, WaterfallBar } from '@/components/charts/steps';
import { counted, formatDay, formatWhen } from '@/lib/format';
import type { Bucket, Movement, MovementAsked } from '@/lib/queries/movement';

export const LABELS: Record<Bucket, string> = {
  new: 'New',
  pulled_in: 'Pulled in',
  increased: 'Increased',
  decreased: 'Decreased',
  pushed_out: 'Pushed out',
  won: 'Won',
  lost: 'Lost',
};
const KINDS: Record<Bucket, BarKind> = {
  new: 'added',
  pulled_in: 'added',
  increased: 'added',
  decreased: 'reduced',
  pushed_out: 'reduced',
  won: 'won',
  lost: 'lost',
};
export const START = 'start';
export const END = 'end';

/** Returns the bars; none where nothing can be compared. */
export function barsOf(movement: Movement, now: Date): WaterfallBar[] {
  const { start, end, buckets, comparison, basis } = movement;
  if (start === null || end === null || comparison.compared_with === null) return [];
  const then = new Date(comparison.compared_with);
  return [
    total(START, 'Start', start, shortly(then, now)),
    ...buckets.map(({ bucket, deals, value, without_value: without }) => ({
      key: bucket,
      label: LABELS[bucket],
      kind: KINDS[bucket],
      value,
      deals,
      ...(without > 0 && { mark: withoutValue(without) }),
    })),
    total(END, 'End', end, basis.is_past ? shortly(new Date(basis.as_of), now) : 'now'),
  ];
}

const total = (
  key: string,
  label: string,
  { deals, value, without_value: without }: NonNullable<Movement['start']>,
  note: string,
): WaterfallBar => ({
  key,
  label,
  kind: 'total',
  value,
  deals,
  note,
  ...(without > 0 && { mark: withoutValue(without) }),
});

const withoutValue = (deals: number): string =>
  `${counted(deals, 'deal')} without an amount or a rate`;

/** The day under a bar; the time of day where it is today. */
const shortly = (moment: Date, now: Date): string =>
  moment.toDateString() === now.toDateString()
    ? formatWhen(moment, now)
    : formatDay(localDay(moment), now);

const localDay = (moment: Date): string =>
  [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');

/**
 * Returns the address of the deals at the start or the end. Closing days are written out, as a named
 * period would be read on another day there.
 */
export function totalAddress(movement: Movement, asked: MovementAsked, which: string): string {
  const { basis, comparison } = movement;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(asked.filters)) {
    if (name.startsWith('closing')) continue;
    for (const each of [value].flat()) {
      if (each !== null) params.append(name, String(each));
    }
  }
  if (basis.closing_from !== null) params.set('closing_from', basis.closing_from);
  if (basis.closing_to !== null) params.set('closing_to', basis.closing_to);
  const at = which === START ? comparison.compared_with : basis.is_past ? basis.as_of : null;
  if (at !== null) params.set('as_of', at);
  return `/deals?${params.toString()}`;
}

/** Returns what moved in short: `Closing date moved 7, Probability changed 2`. */
export const reasonsWords = (reasons: Movement['buckets'][number]['reasons']): string =>
  reasons.map(({ words, deals }) => `${words}: ${counted(deals, 'deal')}`).join(' · ');
