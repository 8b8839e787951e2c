/** Where a run read from and why: the planner's choice beside what it did not choose. */
import { Section } from '@/components/page/section';
import { formatDuration, formatWhole, NONE } from '@/lib/format';
import type { RunInFull } from '../api/queries';
import { SOURCES } from '../lib/words';
import classes from './run-drawer.module.css';

type Plan = NonNullable<RunInFull['plan']>;
type Option = Omit<Plan, 'rejected'>;

const sourceOf = ({ source }: Option): string => SOURCES[source] ?? source;
const figure = (value: number | null | undefined): string =>
  value == null ? NONE : formatWhole(value);

export function RunPlan({ plan }: { plan: Plan }) {
  const options: Option[] = [plan, ...(plan.rejected ?? [])];
  return (
    <Section title="Plan" hint="as expected before it started">
      <table className={classes.table} aria-label="Plan">
        <thead>
          <tr>
            {['Source', 'Slices', 'Calls', 'Credits', 'Time'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {options.map((option, index) => (
            <tr key={option.source}>
              <td>
                {index === 0 ? <strong>{sourceOf(option)}, chosen</strong> : sourceOf(option)}
              </td>
              <td>{figure(option.slices)}</td>
              <td>{figure(option.calls)}</td>
              <td>{figure(option.credits)}</td>
              <td>{option.seconds == null ? NONE : formatDuration(option.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {options.map(
        (option) =>
          option.reason && (
            <p key={option.source} className={classes.why}>
              {sourceOf(option)}: {option.reason}
            </p>
          ),
      )}
    </Section>
  );
}
