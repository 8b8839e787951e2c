/** Why the run reads where it reads, and what that has cost so far. */
import { IconBulb } from '@tabler/icons-react';
import { Section } from '@/components/page/section';
import { counted } from '@/lib/format';
import type { Session } from '../api/queries';
import type { Plan } from '../lib/plan';
import { whyChosen } from '../lib/words';
import classes from './plan-section.module.css';
import { PlanTable } from './plan-table';

export function PlanSection({ plan, session }: { plan: Plan; session: Session }) {
  return (
    <Section title="Plan" hint="by price, then by the speed seen in the last hour">
      <PlanTable plan={plan} />
      <p className={classes.why}>
        <IconBulb className={classes.bulb} size={16} stroke={1.7} aria-hidden />
        <span>
          {whyChosen(plan.chosen, plan.rejected)}{' '}
          <strong>
            Spent so far: {counted(session.credits_used, 'credit')},{' '}
            {counted(session.api_calls_made, 'call')}.
          </strong>
        </span>
      </p>
    </Section>
  );
}
