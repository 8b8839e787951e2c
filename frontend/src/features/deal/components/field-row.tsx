/** One field: what it holds and how it stands, or its input while it is edited. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLock, IconPencil } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Fresh } from '@/components/fresh/fresh';
import { StateBadge } from '@/components/status/state-badge';
import { RECORD_STATES } from '@/components/status/vocabulary';
import type { Deal, DealField } from '../api/deal';
import type { FormField } from '../api/edit';
import { useEditing } from '../lib/use-deal-editing';
import { FieldEditor } from './field-editor';
import classes from './field-list.module.css';
import { MarkLine } from './field-mark';
import { FieldValue } from './field-value';

type FieldRowProps = {
  deal: Deal;
  field: DealField;
  /** What is wrong with the value: said after it, in red. */
  wrong: string | null;
};

export function FieldRow({ deal, field, wrong }: FieldRowProps) {
  const { fieldOf, isOpen, open } = useEditing();
  const form = fieldOf(field.api_name);
  const isEditable = form !== undefined && form.input !== 'none';
  const isEdited = isEditable && isOpen(field.api_name);
  const mark = field.change;
  return (
    <div
      className={classes.field}
      data-wide={field.value?.kind === 'table' || undefined}
      data-mark={mark?.state}
      data-edited={isEdited || undefined}
    >
      <dt title={field.api_name}>
        {field.label}
        {isEdited && form.is_mandatory && (
          <span className={classes.mandatory} title="Mandatory">
            {' '}
            *
          </span>
        )}
      </dt>
      <dd>
        {isEdited ? (
          <FieldEditor field={form} isAlone={open?.form === false} />
        ) : (
          <AtRest
            field={field}
            wrong={wrong}
            form={form}
            isEditable={isEditable}
            isLocked={open?.form === true}
          />
        )}
        {mark && <MarkLine deal={deal} field={field} mark={mark} />}
      </dd>
    </div>
  );
}

type AtRestProps = {
  field: DealField;
  wrong: string | null;
  form: FormField | undefined;
  isEditable: boolean;
  /** The form is open, and this field is not in it. */
  isLocked: boolean;
};

function AtRest({ field, wrong, form, isEditable, isLocked }: AtRestProps) {
  const { begin, reason, open } = useEditing();
  const canBegin = isEditable && reason === null && open === null;
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- a shortcut of the pencil beside it
    <div
      className={classes.rest}
      onDoubleClick={() => {
        if (canBegin) begin(field.api_name);
      }}
    >
      <span className={classes.value}>
        <Fresh of={JSON.stringify(field.value)}>
          {wrong === null ? (
            <FieldValue field={field} />
          ) : (
            <span className={classes.wrong}>
              <FieldValue field={field} />, {wrong}
            </span>
          )}
        </Fresh>
      </span>
      {canBegin && <Pencil field={field} />}
      {isLocked && form !== undefined && form.read_only_reason !== null && (
        <Tooltip label={form.read_only_reason} multiline maw={280}>
          <button
            type="button"
            className={classes.lock}
            aria-label={`${field.label} is read-only: ${form.read_only_reason}`}
          >
            <IconLock size={14} stroke={1.7} aria-hidden />
          </button>
        </Tooltip>
      )}
      {field.change && <StateBadge state={RECORD_STATES[field.change.state]} look="plain" />}
    </div>
  );
}

/** Takes the focus back when the field's editor has closed: it stood there when it opened. */
function Pencil({ field }: { field: DealField }) {
  const { begin, lastEdited } = useEditing();
  const button = useRef<HTMLButtonElement>(null);
  const isReturn = lastEdited === field.api_name;
  useEffect(() => {
    if (isReturn && document.activeElement === document.body) button.current?.focus();
  }, [isReturn]);
  return (
    <ActionIcon
      ref={button}
      className={classes.pencil}
      size={22}
      aria-label={`Edit ${field.label}`}
      onClick={() => {
        begin(field.api_name);
      }}
    >
      <IconPencil size={14} stroke={1.7} aria-hidden />
    </ActionIcon>
  );
}
