/** The rolling day's credits: spent, to be spent, and where the budget for scheduled work ends. */
import { formatWhole } from '@/lib/format';
import type { LoadPreview } from '../api/queries';
import classes from './credit-bar.module.css';

type CreditBarProps = { credits: LoadPreview['credits']; cost: number };

export function CreditBar({ credits, cost }: CreditBarProps) {
  const { used_before: used, limit, remaining_after: left, scheduled_share: share } = credits;
  return (
    <div>
      <div className={classes.row}>
        <span className={classes.label}>API credits, rolling 24 h</span>
        <span>
          <strong>{formatWhole(used)}</strong> used <strong>+{formatWhole(cost)}</strong>
          {limit !== null && ` of ${formatWhole(limit)}`}
        </span>
      </div>
      {limit !== null && left !== null && (
        <>
          <div className={classes.bar} aria-hidden>
            <span className={classes.used} style={{ width: percent(used / limit) }} />
            <span className={classes.cost} style={{ width: percent(cost / limit) }} />
            <span className={classes.budget} style={{ left: percent(share) }} />
          </div>
          <div className={classes.below}>
            <span>After it: {formatWhole(left)} left</span>
            <span className={classes.budgetWords} style={{ left: percent(Math.min(share, 0.82)) }}>
              budget for scheduled work
            </span>
          </div>
        </>
      )}
    </div>
  );
}

const percent = (share: number): string => `${Math.min(share, 1) * 100}%`;
