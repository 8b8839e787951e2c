/** What an alert says: the reason in a few words, and the values before and after. */
import { formatAmount, formatNumber, formatWhole } from './format';
import type { Alert, AlertRule, Thresholds } from './queries/alerts';
import { valueText } from './value-text';

const one = (count: number, singular: string): string =>
  `${formatNumber(count)} ${singular}${count === 1 ? '' : 's'}`;

/** Returns the reason: `Amount fell 54.1 %`. */
export function reasonOf(alert: Alert): string {
  const size = Math.abs(alert.size);
  switch (alert.rule) {
    case 'amount_moved':
      if (alert.new === null) return 'Amount was emptied';
      return `Amount ${alert.size < 0 ? 'fell' : 'rose'} ${formatNumber(size, size < 100 ? 1 : 0)} %`;
    case 'probability_fell':
      return `Probability fell ${one(size, 'point')}`;
    case 'closing_pushed':
      return `Closing date pushed ${formatWhole(size)} days`;
    case 'stage_backwards':
      return alert.is_reopened ? 'Reopened' : `Stage went back ${one(size, 'place')}`;
  }
}

/** Returns the value before and after; a currency that stayed is said once. */
export function valuesOf({ old, new: after }: Alert, now: Date): { old: string; new: string } {
  const isSame =
    old?.kind === 'money' && after?.kind === 'money' && old.currency === after.currency;
  return {
    old: valueText(old, now, { brief: true }),
    new: valueText(after, now, { brief: !isSame }),
  };
}

/** Returns in what an amount was compared that got another currency; undefined for all others. */
export function comparedWords({ compared }: Alert): string | undefined {
  if (compared === null) return undefined;
  const amount = (value: number): string => formatAmount(value, compared.currency);
  return `Its currency changed too: compared in ${compared.currency}, ${amount(compared.old)} and ${amount(compared.new)}.`;
}

/** Names of the rules, as filters and totals say them. */
export const RULES: Record<AlertRule, string> = {
  amount_moved: 'Amount moved',
  probability_fell: 'Probability fell',
  closing_pushed: 'Closing date pushed',
  stage_backwards: 'Stage went back',
};

/** Returns when alerts are raised, in one sentence. */
export function thresholdWords(set: Thresholds): string {
  return `Raised when an amount moves by more than ${set.amount_percent} %, a probability falls by more than ${set.probability_points} points, a closing date is pushed by more than ${set.closing_days} days, or a stage goes backwards.`;
}
