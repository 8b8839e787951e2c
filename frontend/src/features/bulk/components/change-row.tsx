/** One field that is set: its value, or that it is to be emptied. */
import { ActionIcon, Checkbox, TextInput, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { FieldInput } from '@/components/field-inputs/field-input';
import type { FormField } from '@/lib/queries/deal-form';
import { useLookup } from '@/lib/queries/lookups';
import type { Change } from '../lib/draft';
import classes from './change-step.module.css';

type ChangeRowProps = {
  field: FormField;
  change: Change;
  today: string;
  error: string | undefined;
  onChange: (change: Change) => void;
  onRemove: () => void;
};

export function ChangeRow({ field, change, today, error, onChange, onRemove }: ChangeRowProps) {
  const { value, label, isEmptied } = change;
  const held = typeof value === 'string' && label !== null ? { value, label } : null;
  const lookup = useLookup(field.api_name, field.has_lookup, held);
  const canBeEmpty = !field.is_mandatory && field.input !== 'boolean';
  return (
    <div className={classes.row}>
      {isEmptied ? (
        <TextInput label={field.label} value="" placeholder="Emptied" disabled error={error} />
      ) : (
        <FieldInput
          field={field}
          value={value}
          today={today}
          error={error}
          lookup={lookup}
          onChange={(next) => {
            onChange({ ...change, value: next, label: lookup.labelOf(next) });
          }}
        />
      )}
      {canBeEmpty && (
        <Checkbox
          radius={4}
          className={classes.empty ?? ''}
          label="Empty it"
          aria-label={`Empty ${field.label}`}
          checked={isEmptied}
          onChange={(event) => {
            onChange({ ...change, isEmptied: event.currentTarget.checked });
          }}
        />
      )}
      <Tooltip label="Leave this field as it is">
        <ActionIcon
          className={classes.remove ?? ''}
          aria-label={`Remove ${field.label}`}
          onClick={onRemove}
        >
          <IconX size={15} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
