/** What stands at the right of a phase and of a milestone, and what the chart says as a sentence. */
import { counted, formatDay, formatSigned } from '@/lib/format';
import { lateWords, phaseOf } from '@/lib/o2r-words';
import type { MilestoneLine, Opportunity, PhaseLine } from '../api/queries';

/** `56 days, plan 60`, `48 days so far`, `not started`. */
export function phaseWords(phase: PhaseLine): string {
  if (phase.state === 'skipped') return 'no date';
  if (phase.state === 'to_come') return 'not started';
  if (phase.days === null) return 'since unknown';
  const plan = phase.planned_days === null ? '' : `, plan ${phase.planned_days}`;
  const days = counted(phase.days, 'day');
  return phase.ends_on === null ? `${days} so far${plan}` : `${days}${plan}`;
}

/** `12 Jun, +14 d`, `expected 25 Sep`, `planned 3 Oct`. */
export function milestoneWords(line: MilestoneLine, now: Date): string {
  if (line.actual_on !== null) {
    const late = line.late_days === null ? '' : `, ${formatSigned(line.late_days)} d`;
    return `${formatDay(line.actual_on, now)}${late}`;
  }
  if (line.expected_on !== null) return `expected ${formatDay(line.expected_on, now)}`;
  if (line.planned_on !== null) return `planned ${formatDay(line.planned_on, now)}`;
  return line.is_passed_over ? 'not recorded' : 'no date';
}

/** Returns what follows from the chart, in a sentence. */
export function conclusionOf(opportunity: Opportunity, now: Date): string {
  const lines = opportunity.phases.flatMap(({ milestones }) => milestones);
  const reached = lines.filter(({ actual_on }) => actual_on !== null);
  const late = reached.filter(({ is_late }) => is_late);
  const { next_milestone: next, phase } = opportunity;
  const where = `Phase ${phaseOf(phase.number).numeral}, ${phase.title}.`;
  const done = `${reached.length} of ${counted(lines.length, 'milestone')} reached${
    late.length > 0 ? `, ${late.length} over 5 days late` : ''
  }.`;
  if (next === null) return `Milestones. ${where} ${done}`;
  const when =
    next.expected_on === null
      ? ''
      : `, expected ${formatDay(next.expected_on, now)}${
          next.late_days === null ? '' : `, ${lateWords(next.late_days)}`
        }`;
  return `Milestones. ${where} ${done} Next: ${next.label}${when}.`;
}
