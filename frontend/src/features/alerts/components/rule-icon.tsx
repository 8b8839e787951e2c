/** The sign before a reason: what went down is red, what needs a look is amber. */
import {
  IconArrowBackUp,
  IconCalendarDue,
  IconRotateClockwise2,
  IconTrendingDown,
  IconTrendingUp,
  type Icon,
} from '@tabler/icons-react';
import type { Alert } from '@/lib/queries/alerts';
import classes from './alerts-table.module.css';

const ICONS = {
  rose: IconTrendingUp,
  fell: IconTrendingDown,
  pushed: IconCalendarDue,
  back: IconArrowBackUp,
  reopened: IconRotateClockwise2,
} satisfies Record<string, Icon>;

export function RuleIcon({ alert }: { alert: Alert }) {
  const sign = signOf(alert);
  const Sign = ICONS[sign];
  return (
    <Sign
      className={classes.sign}
      data-hue={sign === 'rose' ? 'amber' : 'red'}
      size={15}
      stroke={1.8}
      aria-hidden
    />
  );
}

function signOf(alert: Alert): keyof typeof ICONS {
  switch (alert.rule) {
    case 'amount_moved':
      return alert.size > 0 ? 'rose' : 'fell';
    case 'probability_fell':
      return 'fell';
    case 'closing_pushed':
      return 'pushed';
    case 'stage_backwards':
      return alert.is_reopened ? 'reopened' : 'back';
  }
}
