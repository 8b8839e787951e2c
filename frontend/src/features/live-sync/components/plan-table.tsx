/** The sources that were weighed: the chosen one first, in bold. */
import { IconCircleCheck } from '@tabler/icons-react';
import { formatDuration, formatWhole } from '@/lib/format';
import type { SourceOption } from '../api/queries';
import type { Plan } from '../lib/plan';
import { sourceWords } from '../lib/words';
import classes from './plan-table.module.css';

export function PlanTable({ plan }: { plan: Plan }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Source</th>
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
        <Row option={plan.chosen} isChosen />
        {plan.rejected.map((option) => (
          <Row key={option.source} option={option} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ option, isChosen = false }: { option: SourceOption; isChosen?: boolean }) {
  return (
    <tr data-chosen={isChosen || undefined} title={option.reason}>
      <th scope="row">
        <span className={classes.mark}>
          {isChosen && <IconCircleCheck size={15} stroke={1.7} role="img" aria-label="Chosen" />}
        </span>
        {sourceWords(option)}
      </th>
      <td data-number>{formatWhole(option.calls)}</td>
      <td data-number>{formatWhole(option.credits)}</td>
      <td data-number>{formatDuration(option.seconds)}</td>
    </tr>
  );
}
