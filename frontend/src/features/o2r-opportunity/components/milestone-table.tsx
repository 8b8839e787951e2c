/** The milestones as a table: the same dates in words. */
import { RowsTable } from '@/components/rows-table/rows-table';
import { formatDayFull, formatSigned, NONE } from '@/lib/format';
import { phaseOf } from '@/lib/o2r-words';
import type { Opportunity } from '../api/queries';

const day = (value: string | null): string => (value === null ? NONE : formatDayFull(value));

export function MilestoneTable({ opportunity }: { opportunity: Opportunity }) {
  return (
    <RowsTable label="Milestones">
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">Milestone</th>
          <th scope="col" data-number>
            Planned
          </th>
          <th scope="col" data-number>
            Reached
          </th>
          <th scope="col" data-number>
            Expected
          </th>
          <th scope="col" data-number>
            Days late
          </th>
        </tr>
      </thead>
      <tbody>
        {opportunity.phases.flatMap((phase) =>
          phase.milestones.map((line) => (
            <tr key={line.milestone}>
              <td>{phaseOf(phase.number).numeral}</td>
              <td>{line.label}</td>
              <td data-number>{day(line.planned_on)}</td>
              <td data-number>{day(line.actual_on)}</td>
              <td data-number>{day(line.expected_on)}</td>
              <td data-number>{line.late_days === null ? NONE : formatSigned(line.late_days)}</td>
            </tr>
          )),
        )}
      </tbody>
    </RowsTable>
  );
}
