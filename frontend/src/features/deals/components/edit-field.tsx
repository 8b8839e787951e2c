/** Edit one field of the selected deals: which field, which value, and what became of each deal. */
import { Button, Modal, Select, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import type { InputValue } from '@/components/field-inputs/field';
import { FieldInput } from '@/components/field-inputs/field-input';
import { type Schema, wordsOf } from '@/lib/api';
import { counted } from '@/lib/format';
import { useLookup } from '@/lib/queries/lookups';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { cellForm } from '../api/edit';
import { useEditMany, useUndoMany } from '../api/edit-many';
import type { ColumnLine } from '../api/queries';
import classes from './edit-field.module.css';

type FormField = Schema['FormField'];
type Failure = Schema['ItemResult'];

type EditFieldProps = {
  ids: readonly string[];
  /** All columns that there are. */
  columns: readonly ColumnLine[];
  today: string;
  onClose: () => void;
};

export function EditField({ ids, columns, today, onClose }: EditFieldProps) {
  const [name, setName] = useState<string | null>(null);
  const fields = columns.flatMap(({ api_name, label, read_only_reason }) =>
    typeof api_name === 'string' && read_only_reason === null ? [{ value: api_name, label }] : [],
  );
  const first = ids[0] ?? '';
  const form = useQuery({ ...cellForm(first, name ?? ''), enabled: name !== null });
  const found = form.data?.field;
  return (
    <Modal opened onClose={onClose} title={`Edit a field of ${counted(ids.length, 'deal')}`}>
      <div className={classes.form}>
        <Select
          label="Field"
          data={fields}
          value={name}
          onChange={setName}
          searchable
          allowDeselect={false}
          data-autofocus
          nothingFoundMessage="No such field."
        />
        {form.isError && <p role="alert">{wordsOf(form.error)}</p>}
        {name !== null && form.isPending && <Skeleton height={54} />}
        {name !== null && found && <Value key={name} field={found} {...{ ids, today, onClose }} />}
      </div>
    </Modal>
  );
}

type ValueProps = Omit<EditFieldProps, 'columns'> & { field: FormField };

function Value({ ids, field, today, onClose }: ValueProps) {
  const [value, setValue] = useState<InputValue>(field.input === 'boolean' ? false : null);
  const [failed, setFailed] = useState<readonly Failure[]>([]);
  const lookup = useLookup(field.api_name, field.has_lookup, null);
  const edit = useEditMany();
  const undo = useUndoMany();
  const refused = edit.error && wordsOf(edit.error);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    edit.mutate(
      { ids, field: field.api_name, value },
      {
        onSuccess: (done) => {
          if (done.successful_updates > 0) {
            const told = `${field.label} changed in ${counted(done.successful_updates, 'deal')}.`;
            tellUndoable(told, () => {
              undo.mutate(done.session_id, {
                onError: (error) => {
                  tellError(error, `${field.label} could not be put back.`);
                },
              });
            });
          }
          const others = done.details.filter(
            ({ state }) => state !== 'done' && state !== 'unchanged',
          );
          setFailed(others);
          if (others.length === 0) onClose();
        },
      },
    );
  };
  return (
    <form className={classes.form} onSubmit={onSubmit}>
      <FieldInput
        field={field}
        value={value}
        today={today}
        lookup={field.input === 'reference' ? lookup : undefined}
        error={refused ?? undefined}
        onChange={(next) => {
          setValue(next);
          edit.reset();
        }}
      />
      {failed.length > 0 && (
        <ul className={classes.failed} role="alert" aria-label="Not changed">
          {failed.map(({ id, name, message }) => (
            <li key={id}>
              <strong>{name ?? id}</strong> {message ?? 'was not written.'}
            </li>
          ))}
        </ul>
      )}
      <footer className={classes.foot}>
        <Button onClick={onClose}>Back</Button>
        <Button type="submit" variant="filled" loading={edit.isPending}>
          {value === null ? `Empty ${field.label}` : `Change ${field.label}`} in{' '}
          {counted(ids.length, 'deal')}
        </Button>
      </footer>
    </form>
  );
}
