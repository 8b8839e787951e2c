/** Set when a milestone is planned and when it was reached. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { isDay } from '@/components/field-inputs/typed-day';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { phaseOf } from '@/lib/o2r-words';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { type MilestoneLine, type Opportunity, useSetMilestone } from '../api/queries';
import { DayField } from '@/components/field-inputs/day-field';

type MilestoneFormProps = {
  opportunity: Opportunity;
  /** Which one is offered first. */
  milestone: string;
  onClose: () => void;
};

export function MilestoneForm({ opportunity, milestone, onClose }: MilestoneFormProps) {
  const lines = opportunity.phases.flatMap(({ milestones }) => milestones);
  const [chosen, choose] = useState(milestone);
  const line = lines.find((each) => each.milestone === chosen);
  const [planned, setPlanned] = useState(line?.planned_on ?? null);
  const [actual, setActual] = useState(line?.actual_on ?? null);
  const set = useSetMilestone(opportunity.id);
  const undo = useSetMilestone(opportunity.id);
  if (line === undefined) return null;
  const reason = whyNot(line, opportunity);
  const submit = (): void => {
    if ([planned, actual].some((day) => day !== null && !isDay(day))) return;
    const days = {
      ...(planned !== line.planned_on && { planned_on: planned }),
      ...(actual !== line.actual_on && { actual_on: actual }),
    };
    if (Object.keys(days).length === 0) {
      onClose();
      return;
    }
    set.mutate(
      { milestone: chosen, ...days },
      {
        onSuccess: (done) => {
          onClose();
          const isSent = done.is_in_crm && 'actual_on' in days && done.status === 'pending';
          tellUndoable(`${line.label} set${isSent ? ', waiting for the CRM' : ''}.`, () => {
            const before = {
              ...('planned_on' in days && { planned_on: done.before.planned_on }),
              ...('actual_on' in days && { actual_on: done.before.actual_on }),
            };
            undo.mutate(
              { milestone: chosen, ...before },
              {
                onError: (error) => {
                  tellError(error, 'The milestone stays as it was set.');
                },
              },
            );
          });
        },
      },
    );
  };
  return (
    <FormDialog
      title="Set a milestone"
      submit="Set milestone"
      isBusy={set.isPending}
      error={set.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Select
        label="Milestone"
        data={opportunity.phases.map((phase) => ({
          group: `Phase ${phaseOf(phase.number).numeral} · ${phase.title}`,
          items: phase.milestones.map((each) => ({ value: each.milestone, label: each.label })),
        }))}
        value={chosen}
        onChange={(value) => {
          const other = lines.find((each) => each.milestone === value);
          if (other === undefined) return;
          choose(other.milestone);
          setPlanned(other.planned_on);
          setActual(other.actual_on);
        }}
        allowDeselect={false}
        searchable
      />
      <DayField
        label="Planned"
        description="Kept here. What is late is measured against it."
        value={planned}
        today={opportunity.today}
        onChange={setPlanned}
        isFirst={reason !== undefined}
      />
      <DayField
        label="Reached"
        description={keeperWords(line)}
        value={actual}
        today={opportunity.today}
        onChange={setActual}
        readOnlyReason={reason}
        isFirst={reason === undefined}
      />
    </FormDialog>
  );
}

const keeperWords = (line: MilestoneLine): string =>
  line.kept === 'crm'
    ? `Goes to the CRM, into the field ${line.crm_field ?? 'that is mapped to it'}.`
    : 'Kept here: the CRM has no field for it.';

function whyNot(line: MilestoneLine, opportunity: Opportunity): string | undefined {
  if (line.kept === 'nowhere') {
    return 'Its field of the CRM is not mapped. An admin maps it in CRM Integration.';
  }
  return line.kept === 'crm' ? (opportunity.read_only_reason ?? undefined) : undefined;
}
