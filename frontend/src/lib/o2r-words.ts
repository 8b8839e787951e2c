/** The four phases between first contact and cash, as pages name and paint them. */
import type { Hue } from '@/theme/palette';

export type PhaseWords = { numeral: string; title: string; hue: Hue };

export const PHASES: readonly PhaseWords[] = [
  { numeral: 'I', title: 'Opportunity', hue: 'amber' },
  { numeral: 'II', title: 'Proposal', hue: 'blue' },
  { numeral: 'III', title: 'Execution', hue: 'purple' },
  { numeral: 'IV', title: 'Revenue', hue: 'green' },
];

const UNKNOWN: PhaseWords = { numeral: '', title: '', hue: 'blue' };

/** Returns the words of a phase by its number, from 1. */
export const phaseOf = (number: number): PhaseWords => PHASES[number - 1] ?? UNKNOWN;

/** `11 d late`, `4 d early`, `on time`: how far behind its plan a milestone is. */
export function lateWords(days: number): string {
  if (days === 0) return 'on time';
  return days > 0 ? `${days} d late` : `${-days} d early`;
}

/** The name of a territory, a deal's region; null for deals without one. */
export const territoryName = (territory: string | null): string => territory ?? 'No territory';
