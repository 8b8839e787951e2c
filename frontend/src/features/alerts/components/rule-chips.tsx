/** The rules with how many alerts each raised; pressing one shows its alerts alone. */
import { formatWhole } from '@/lib/format';
import { RULES } from '@/lib/alert-words';
import type { AlertRule } from '@/lib/queries/alerts';
import type { Asked } from '../lib/asked';
import classes from './rule-chips.module.css';

type RuleChipsProps = { asked: Asked; byRule: Partial<Record<AlertRule, number>> | undefined };

export function RuleChips({ asked, byRule }: RuleChipsProps) {
  return (
    <div className={classes.chips} role="group" aria-label="Rules">
      {(Object.keys(RULES) as AlertRule[]).map((rule) => (
        <button
          key={rule}
          type="button"
          className={classes.chip}
          aria-pressed={asked.rules.includes(rule)}
          onClick={() => {
            asked.toggleRule(rule);
          }}
        >
          {RULES[rule]}
          {byRule !== undefined && (
            <span className={classes.count}>{formatWhole(byRule[rule] ?? 0)}</span>
          )}
        </button>
      ))}
    </div>
  );
}
