/** A view's name, and whether everybody may open it. */
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { type SavedView, useChangeView, useSaveView, type ViewPage } from '@/lib/queries/views';
import { tell } from '@/lib/toast';

const LONGEST = 80;

type SaveViewProps = {
  page: ViewPage;
  query: string;
  name: string;
  onClose: () => void;
  onSaved: (view: SavedView) => void;
};

/** Keeps the page as it is shown under a new name. */
export function SaveView({ page, query, name: proposed, onClose, onSaved }: SaveViewProps) {
  const save = useSaveView();
  const [name, setName] = useState(proposed);
  const [isShared, share] = useState(false);
  return (
    <FormDialog
      title="Save as a view"
      submit="Save view"
      isBusy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={() => {
        save.mutate(
          { page, name: name.trim(), query, is_shared: isShared },
          {
            onSuccess: (view) => {
              tell(`View saved: ${view.name}`);
              onSaved(view);
            },
          },
        );
      }}
    >
      <NameInput name={name} onChange={setName} />
      <Checkbox
        label="Share with everybody"
        description="Others can open it; you and admins can change it."
        checked={isShared}
        onChange={(event) => {
          share(event.currentTarget.checked);
        }}
      />
    </FormDialog>
  );
}

/** Gives a view another name. */
export function RenameView({ view, onClose }: { view: SavedView; onClose: () => void }) {
  const change = useChangeView();
  const [name, setName] = useState(view.name);
  return (
    <FormDialog
      title={`Rename ${view.name}`}
      submit="Rename view"
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={() => {
        change.mutate({ id: view.id, name: name.trim() }, { onSuccess: onClose });
      }}
    >
      <NameInput name={name} onChange={setName} />
    </FormDialog>
  );
}

function NameInput({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  return (
    <TextInput
      label="Name"
      required
      withAsterisk={false}
      data-autofocus
      autoComplete="off"
      maxLength={LONGEST}
      value={name}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
