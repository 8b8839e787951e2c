/** Add an action item, or change one. */
import { Select, SegmentedControl, TextInput, Input } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isDay } from '@/components/field-inputs/typed-day';
import { DayField } from '@/components/field-inputs/day-field';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import {
  type ActionItem,
  peopleQuery,
  useAddAction,
  useChangeAction,
  useDeleteAction,
} from '@/lib/queries/actions';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';

const LONGEST_TITLE = 200;
const PRIORITIES: readonly { value: ActionItem['priority']; label: string }[] = [
  { value: 'high', label: 'High' },
  { value: 'medium', label: 'Medium' },
  { value: 'low', label: 'Low' },
];

type ActionFormProps = {
  /** Whose a new one is; null: no deal's, but general. */
  dealId: string | null;
  /** The organisation's day, from which due dates are told. */
  today: string;
  /** Null: a new one. */
  action: Pick<ActionItem, 'id' | 'title' | 'priority' | 'owner' | 'due_on'> | null;
  onClose: () => void;
};

export function ActionForm({ dealId, today, action, onClose }: ActionFormProps) {
  const [title, setTitle] = useState(action?.title ?? '');
  const [priority, setPriority] = useState(action?.priority ?? 'medium');
  const [owner, setOwner] = useState(action?.owner?.id ?? null);
  const [due, setDue] = useState(action?.due_on ?? null);
  const people = useQuery(peopleQuery);
  const add = useAddAction();
  const change = useChangeAction();
  const remove = useDeleteAction();
  const options = (people.data?.items ?? []).map(({ id, name }) => ({
    value: id,
    label: name ?? id,
  }));
  // Somebody who has left stays the owner until another one is chosen.
  if (action?.owner != null && !options.some(({ value }) => value === action.owner?.id)) {
    options.push({ value: action.owner.id, label: action.owner.name ?? 'Somebody who left' });
  }
  const submit = (): void => {
    if (due !== null && !isDay(due)) return;
    const wanted = { title, priority, owner_id: owner, due_on: due };
    if (action !== null) {
      change.mutate({ id: action.id, ...wanted }, { onSuccess: onClose });
      return;
    }
    add.mutate(
      { ...wanted, deal_id: dealId },
      {
        onSuccess: ({ id }) => {
          onClose();
          tellUndoable('Action item added.', () => {
            remove.mutate(
              { id, isDeleted: true },
              {
                onError: (error) => {
                  tellError(error, 'The action item stays.');
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
      title={action === null ? 'Add an action item' : 'Change the action item'}
      submit={action === null ? 'Add action item' : 'Save action item'}
      isBusy={add.isPending || change.isPending}
      error={add.error ?? change.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextInput
        label="What is to be done"
        value={title}
        onChange={(event) => {
          setTitle(event.currentTarget.value);
        }}
        maxLength={LONGEST_TITLE}
        required
        data-autofocus
      />
      <Select
        label="Owner"
        placeholder="Nobody yet"
        data={options}
        value={owner}
        onChange={setOwner}
        searchable
        clearable
      />
      <DayField label="Due" value={due} today={today} onChange={setDue} />
      <Input.Wrapper label="Priority" labelElement="div">
        <SegmentedControl
          aria-label="Priority"
          data={PRIORITIES.map((each) => ({ ...each }))}
          value={priority}
          onChange={setPriority}
          mt={4}
        />
      </Input.Wrapper>
    </FormDialog>
  );
}
