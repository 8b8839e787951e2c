/** The O2R dashboard's sentences. Pure. */
import { roundFigure } from '@/lib/differences';
import { counted, formatNumber, formatShare, formatWhole, symbolOf } from '@/lib/format';
import { territoryName } from '@/lib/o2r-words';
import type { O2rDashboard, PhasePace, PhaseStanding, TerritoryHealth } from '../api/queries';

const MILLION = 1_000_000;

/** `S$ 164.2 M`: one place from ten millions on, two below, and in full below one. */
export function shortMoney(amount: number, currency: string): string {
  const figure =
    Math.abs(amount) >= 10 * MILLION
      ? `${formatNumber(amount / MILLION, 1)} M`
      : roundFigure(amount);
  return `${symbolOf(currency)} ${figure}`;
}

export const days = (count: number): string => counted(count, 'day');

/** `6 fewer than in the quarter before`; null where one of both has no deal. */
export function cycleAgainst({ cycle }: O2rDashboard): string | null {
  if (cycle.median_days === null || cycle.before_median_days === null) return null;
  const difference = cycle.median_days - cycle.before_median_days;
  if (difference === 0) return 'as in the quarter before';
  return `${formatWhole(Math.abs(difference))} ${difference < 0 ? 'fewer' : 'more'} than in the quarter before`;
}

export const phaseName = ({ number, title }: Pick<PhaseStanding, 'number' | 'title'>): string =>
  `Phase ${NUMERALS[number - 1] ?? ''} · ${title}`;

const NUMERALS = ['I', 'II', 'III', 'IV'] as const;

export const numeral = (number: number): string => NUMERALS[number - 1] ?? '';

/** `62 %`; null where nobody entered the phase, or before it is known. */
export const movedOn = (pace: PhasePace | undefined): string | null =>
  pace === undefined || pace.share_moved_on === null ? null : formatShare(pace.share_moved_on, 0);

/** What the flow shows, as a sentence. */
export function flowConclusion(
  { phases, basis }: O2rDashboard,
  paces: readonly PhasePace[] = [],
): string {
  const listed = phases
    .map(
      (phase) =>
        `${phaseName(phase)} ${counted(phase.deals, 'deal')} worth ${shortMoney(phase.value, basis.base_currency)}`,
    )
    .join(', ');
  const slowest = paces
    .filter(({ share_moved_on: share }) => share !== null)
    .reduce<PhasePace | null>(
      (least, phase) =>
        least === null || (phase.share_moved_on ?? 0) < (least.share_moved_on ?? 0) ? phase : least,
      null,
    );
  const share = movedOn(slowest ?? undefined);
  return slowest === null || share === null
    ? `Open opportunities by phase: ${listed}.`
    : `Open opportunities by phase: ${listed}. The fewest move on from ${phaseName(slowest)}: ${share} within 12 months.`;
}

export const riskOf = ({ blocked, red }: TerritoryHealth): number => blocked + red;

/** What the bars show, as a sentence. */
export function healthConclusion(territories: readonly TerritoryHealth[]): string {
  const worst = territories.reduce<TerritoryHealth | null>(
    (most, each) => (most === null || riskOf(each) > riskOf(most) ? each : most),
    null,
  );
  if (worst === null) return 'Health by territory: no open opportunities.';
  return riskOf(worst) === 0
    ? 'Health by territory: no open opportunity is blocked or at risk.'
    : `Health by territory: most deals at risk are in ${territoryName(worst.territory)}, ${formatWhole(riskOf(worst))} of ${formatWhole(worst.deals)}.`;
}
