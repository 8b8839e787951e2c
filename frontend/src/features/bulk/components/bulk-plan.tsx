/** What it costs and why it is written this way: the ways that were weighed, the chosen one first. */
import { IconCircleCheck } from '@tabler/icons-react';
import { counted, formatDuration, formatWhole } from '@/lib/format';
import type { BulkPlan } from '../api/bulk';
import classes from './bulk-plan.module.css';

type Option = BulkPlan['rejected'][number];

export function BulkPlanTable({ plan }: { plan: BulkPlan }) {
  const possible = plan.rejected.filter(({ calls }) => calls > 0);
  // The CRM's job over a view is no way for deals that were chosen otherwise: nobody expects it.
  const impossible = plan.rejected.filter(
    ({ calls, way }) => calls === 0 && way !== 'mass_update_view',
  );
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col" data-number>
              Calls
            </th>
            <th scope="col" data-number>
              Credits
            </th>
            <th scope="col" data-number>
              Expected
            </th>
          </tr>
        </thead>
        <tbody>
          <Row option={plan} isChosen />
          {possible.map((option) => (
            <Row key={option.way} option={option} />
          ))}
        </tbody>
      </table>
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

function Row({ option, isChosen = false }: { option: Option; isChosen?: boolean }) {
  return (
    <tr data-chosen={isChosen || undefined} title={option.reason}>
      <th scope="row">
        <span className={classes.mark}>
          {isChosen && <IconCircleCheck size={15} stroke={1.7} role="img" aria-label="Chosen" />}
        </span>
        {option.title}
      </th>
      <td data-number>{formatWhole(option.calls)}</td>
      <td data-number>{formatWhole(option.credits)}</td>
      <td data-number>{formatDuration(option.seconds)}</td>
    </tr>
  );
}
