/** What it costs and why it is written this way: the ways that were weighed, the chosen one first. */
import { WeighedWays } from '@/components/weighed-ways/weighed-ways';
import { counted, formatWhole } from '@/lib/format';
import type { BulkPlan } from '../api/bulk';
import classes from './bulk-plan.module.css';

export function BulkPlanTable({ plan }: { plan: BulkPlan }) {
  const possible = plan.rejected.filter(({ calls }) => calls > 0);
  // The CRM's job over a view is no way for deals that were chosen otherwise: nobody expects it.
  const impossible = plan.rejected.filter(
    ({ calls, way }) => calls === 0 && way !== 'mass_update_view',
  );
  return (
    <>
      <WeighedWays head="Way" chosen={plan} rejected={possible} />
      <p className={classes.words}>{sentence(plan.reason)}</p>
      {impossible.map(({ way, title, reason }) => (
        <p key={way} className={classes.words}>
          {title}: {sentence(reason.replace(NOT_POSSIBLE, 'no, because '))}
        </p>
      ))}
      <p className={classes.words}>{afterIt(plan)}</p>
      {plan.runs_automation !== false && (
        <p className={classes.words}>
          {plan.runs_automation === null
            ? 'The CRM does not say whether its workflows run for deals that are written this way.'
            : 'Workflows of the CRM run for each deal that is changed.'}
        </p>
      )}
    </>
  );
}

const NOT_POSSIBLE = /^Not possible: /;

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

function afterIt({ credits, credits_left: left, credits_left_after: after }: BulkPlan): string {
  const cost = `About ${counted(credits, 'credit')}`;
  return left === null || after === null
    ? `${cost}. How many are left is not known yet.`
    : `${cost} of ${formatWhole(left)} left today: ${formatWhole(Math.max(0, after))} after it.`;
}
