/** How revenue at risk changed: more of it is bad. */
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { counted, formatSigned } from '@/lib/format';
import type { RevenueAtRisk } from '../api/queries';
import classes from './numbers.module.css';

export function RiskFact({ risk }: { risk: RevenueAtRisk }) {
  const change = risk.value_then === null ? 0 : Math.round(risk.value - risk.value_then);
  const Icon = change > 0 ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={classes.risk}>
      {change !== 0 && (
        <span className={change > 0 ? classes.bad : classes.good}>
          <Icon size={13} stroke={2} aria-hidden />
          {formatSigned(change)}
        </span>
      )}
      <span>{counted(risk.deals, 'deal')}</span>
    </span>
  );
}
