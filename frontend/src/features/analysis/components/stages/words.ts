/** What figures of stages say in words. Pure. */
import { counted, formatNumber, formatShare, formatWhole } from '@/lib/format';
import type { Became, StageFigures, Stages } from '../../api/stages';

export type Part = {
  key: Became;
  label: string;
  /** Its place among the parts of a bar, for its look. */
  look: 'onward' | 'still' | 'back' | 'lost';
};

/** What can become of a stay, in the order of a bar. */
export const PARTS: readonly Part[] = [
  { key: 'forward', label: 'Went on', look: 'onward' },
  { key: 'won', label: 'Won', look: 'onward' },
  { key: 'still_there', label: 'Still there', look: 'still' },
  { key: 'back', label: 'Went back', look: 'back' },
  { key: 'elsewhere', label: 'Went elsewhere', look: 'back' },
  { key: 'deleted', label: 'Deleted', look: 'back' },
  { key: 'lost', label: 'Lost', look: 'lost' },
];

/** Stages that deals are sold in and came into, in the CRM's order. */
export const shownStages = ({ stages }: Stages): StageFigures[] =>
  stages.filter(({ outcome, entered }) => outcome !== 'won' && outcome !== 'lost' && entered > 0);

/** `17 d`, `0.4 d`: days of a stay. */
export const daysWords = (days: number): string =>
  `${days < 10 ? formatNumber(days, 1) : formatWhole(days)} d`;

/** The median, or why there is none. */
export function medianWords({ median_days: median, entered }: StageFigures): string {
  if (median !== null) return daysWords(median);
  return entered === 0 ? '' : 'not reached';
}

/** `43 of 212 still there, counted as unfinished`. */
export const unfinishedWords = ({ still_there: still, entered }: StageFigures): string =>
  still === 0 ? 'all have left' : `${formatWhole(still)} of ${formatWhole(entered)} still there`;

export function conclusionOf(found: Stages): string {
  const shown = shownStages(found);
  const measured = shown.filter(({ to_next: share }) => share !== null);
  const narrowest = [...measured].sort(
    (one, other) => (one.to_next ?? 0) - (other.to_next ?? 0),
  )[0];
  const slowest = [...shown].sort(
    (one, other) => (other.median_days ?? 0) - (one.median_days ?? 0),
  )[0];
  if (narrowest === undefined) return 'Stages: no deal has left one yet.';
  const time = slowest?.median_days
    ? ` Deals stay longest in ${slowest.label}, ${daysWords(slowest.median_days)} in the middle.`
    : '';
  return `Stages: fewest deals go on from ${narrowest.label}, ${formatShare(narrowest.to_next ?? 0, 0)} of those that left.${time}`;
}

/** Where the figures come from: told by the CRM, or observed. */
export function originWords({ entered, imported, unknown_start: unknown }: Stages): string {
  const observed = entered - imported;
  const parts = [
    imported > 0 && `${formatWhole(imported)} told by the CRM’s own history`,
    observed > 0 && `${formatWhole(observed)} observed since`,
    unknown > 0 && `${formatWhole(unknown)} more left out: nobody knows when they began`,
  ].filter((each) => each !== false);
  return `${counted(entered, 'stay')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

const LEFT_OUT: Record<string, string> = {
  closing: 'closing date',
  probability: 'probability',
  stage: 'stage',
  outcome: 'outcome',
};

/** `whatever their closing date, probability and outcome`: filters that choose nothing here. */
export function leftOutWords({ left_out: names }: Stages): string | null {
  const words = names.map((name) => LEFT_OUT[name] ?? name);
  const last = words.pop();
  if (last === undefined) return null;
  return `whatever their ${words.length === 0 ? last : `${words.join(', ')} and ${last}`}`;
}
