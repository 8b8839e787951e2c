/** The product's own fields in the CRM: which are there, what is written into them, what is wrong. */
import { ActionIcon, Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Note } from '@/components/note/note';
import { Section } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { formatWhole } from '@/lib/format';
import { useMay } from '@/lib/queries/session';
import {
  type OwnedField,
  type OwnedFields,
  ownedFieldsQuery,
  useCreateFields,
  useValidateFields,
} from '../api/custom-fields';
import { typeName } from '../lib/words';
import classes from './custom-fields.module.css';
import { RenameField } from './rename-field';
import { WriteBack } from './write-back';

export function CustomFields() {
  const owned = useQuery(ownedFieldsQuery);
  const validate = useValidateFields();
  const mayCheck = useMay('editor');
  return (
    <Section
      title="Custom fields"
      hint="written back to the CRM"
      action={
        mayCheck && (
          <Button
            loading={validate.isPending}
            onClick={() => {
              validate.mutate();
            }}
            aria-label="Validate custom fields"
          >
            Validate
          </Button>
        )
      }
    >
      <QueryPanel
        query={owned}
        failed="The custom fields could not be read"
        minHeight={210}
        skeleton={<Skeleton h={210} />}
      >
        {(found) => <Fields found={found} />}
      </QueryPanel>
    </Section>
  );
}

function Fields({ found }: { found: OwnedFields }) {
  const isAdmin = useMay('admin');
  const mayChange = isAdmin && found.may_create !== false;
  const create = useCreateFields();
  const [renamed, setRenamed] = useState<OwnedField | null>(null);
  const count = found.missing.length;
  const calls = found.calls_to_create;
  return (
    <>
      <ul className={classes.list}>
        {found.fields.map((field) => (
          <Field
            key={field.role}
            field={field}
            onRename={
              mayChange
                ? () => {
                    setRenamed(field);
                  }
                : undefined
            }
          />
        ))}
      </ul>
      <div className={classes.notes}>
        {count > 0 && (
          <Note
            kind="info"
            action={
              mayChange && (
                <Button
                  loading={create.isPending}
                  onClick={() => {
                    create.mutate();
                  }}
                >
                  Create missing
                </Button>
              )
            }
          >
            Creating {count === 1 ? 'one field' : `${formatWhole(count)} fields`} costs{' '}
            {calls === 1 ? '1 credit' : `${formatWhole(calls)} credits`}. The CRM takes labels of up
            to 25 characters and gives the API name itself.
          </Note>
        )}
        {found.may_create === false && (
          <Note kind="locked">
            The connection may not create or change fields. Connect again and grant all permissions.
          </Note>
        )}
      </div>
      <WriteBack found={found} />
      <RenameField
        field={renamed}
        onClose={() => {
          setRenamed(null);
        }}
      />
    </>
  );
}

type FieldProps = { field: OwnedField; onRename: (() => void) | undefined };

function Field({ field, onRename }: FieldProps) {
  const isThere = field.fault === null;
  const isRenamed = field.crm_label !== null && field.crm_label !== field.label && isThere;
  return (
    <li className={classes.field} data-fault={isOpen(field) || undefined}>
      <span className={classes.name}>
        {field.label}
        {isRenamed && <span className={classes.called}>called {field.crm_label} in the CRM</span>}
      </span>
      <span className={classes.type}>{typeName(field.data_type)}</span>
      <span className={classes.state} data-fault={isOpen(field) || undefined}>
        {isThere && onRename !== undefined && (
          <ActionIcon size={24} aria-label={`Rename ${field.label}`} onClick={onRename}>
            <IconPencil size={14} stroke={1.7} aria-hidden />
          </ActionIcon>
        )}
        <State field={field} />
      </span>
      <p className={classes.tells}>
        {isOpen(field)
          ? `${field.message} ${field.fix}`
          : field.is_written
            ? field.tells
            : `${field.tells} Nothing is written into it yet.`}
      </p>
    </li>
  );
}

/** A field that is missing is a choice; any other fault asks for somebody. */
const isOpen = (field: OwnedField): boolean => field.fault !== null && field.fault !== 'missing';

const WORDS: Record<NonNullable<OwnedField['fault']>, string> = {
  missing: 'Not in CRM',
  removed: 'Deleted in CRM',
  name_taken: 'Name taken',
  wrong_type: 'Wrong type',
  wrong_values: 'Values missing',
  not_writable: 'Not writable',
};

function State({ field }: { field: OwnedField }) {
  if (field.fault === null) {
    return (
      <>
        <IconCheck size={15} stroke={1.8} aria-hidden /> In CRM
      </>
    );
  }
  return (
    <>
      {isOpen(field) && <IconAlertTriangle size={15} stroke={1.8} aria-hidden />}
      {WORDS[field.fault]}
    </>
  );
}
