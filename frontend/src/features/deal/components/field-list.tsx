/** The fields of one group, a row each; long lists show what is filled first and fold the rest. */
import { UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { Fresh } from '@/components/fresh/fresh';
import { counted } from '@/lib/format';
import type { Deal, DealField } from '../api/deal';
import classes from './field-list.module.css';
import { FieldValue } from './field-value';

export function FieldList({ fields }: { fields: readonly DealField[] }) {
  return (
    <dl className={classes.fields}>
      {fields.map((field) => (
        <FieldRow key={field.api_name} field={field} />
      ))}
    </dl>
  );
}

function FieldRow({ field }: { field: DealField }) {
  const isWide = field.value?.kind === 'table';
  return (
    <div className={classes.field} data-wide={isWide || undefined}>
      <dt title={field.api_name}>{field.label}</dt>
      <dd>
        <Fresh of={JSON.stringify(field.value)}>
          <FieldValue field={field} />
        </Fresh>
      </dd>
    </div>
  );
}

/** Shows `atFirst` fields, those with a value before the empty ones, and the others on request. */
export function FoldedFieldList({
  fields,
  atFirst,
}: {
  fields: readonly DealField[];
  atFirst: number;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const filled = fields.filter(({ value }) => value !== null);
  const ordered = [...filled, ...fields.filter(({ value }) => value === null)];
  const left = ordered.length - atFirst;
  return (
    <>
      <div id={id}>
        <FieldList fields={isOpen ? ordered : ordered.slice(0, atFirst)} />
      </div>
      {left > 0 && (
        <UnstyledButton
          className={classes.more}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          {isOpen ? 'Show fewer' : `Show ${left} more`}
        </UnstyledButton>
      )}
    </>
  );
}

/** The closing date of a deal that should be closed by now says so, in words and red. */
export function overdueWords(deal: Deal): string | null {
  return deal.days_overdue === null ? null : `${counted(deal.days_overdue, 'day')} overdue`;
}
