/** Gives one of our fields another label in the CRM; its API name stays. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { wordsOf } from '@/lib/api';
import { type OwnedField, useRenameField } from '../api/custom-fields';
import classes from './custom-fields.module.css';

const LABEL_LIMIT = 25;

type RenameFieldProps = { field: OwnedField | null; onClose: () => void };

export function RenameField({ field, onClose }: RenameFieldProps) {
  return (
    <Modal
      opened={field !== null}
      onClose={onClose}
      title={field === null ? '' : `Rename ${field.label} in the CRM`}
    >
      {field !== null && <Form key={field.role} field={field} onClose={onClose} />}
    </Modal>
  );
}

function Form({ field, onClose }: { field: OwnedField; onClose: () => void }) {
  const rename = useRenameField();
  const [label, setLabel] = useState(field.crm_label ?? field.label);
  const wanted = label.trim();
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ id: field.field_id ?? '', label: wanted }, { onSuccess: onClose });
      }}
    >
      <TextInput
        data-autofocus
        label="Label"
        description={`People see it in the CRM, up to ${LABEL_LIMIT} characters. Its API name, ${field.api_name}, stays.`}
        maxLength={LABEL_LIMIT}
        value={label}
        onChange={(event) => {
          setLabel(event.currentTarget.value);
        }}
        error={rename.error === null ? undefined : wordsOf(rename.error)}
      />
      <div>
        <Button
          type="submit"
          variant="filled"
          loading={rename.isPending}
          disabled={wanted === '' || wanted === field.crm_label}
        >
          Rename
        </Button>
      </div>
    </form>
  );
}
