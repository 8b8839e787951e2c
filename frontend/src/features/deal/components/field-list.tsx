/** The fields of one group, a row each; long lists show what is filled first and fold the rest. */
import { UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { Fresh } from '@/components/fresh/fresh';
import { counted } from '@/lib/format';
import type { Deal, DealField } from '../api/deal';
import classes from './field-list.module.css';
import { FieldValue } from './field-value';

type FieldListProps = {
  fields: readonly DealField[];
  /** What is wrong with a value, by canonical name: said after it, in red. */
  wrong?: Readonly<Record<string, string | null>>;
};

export function FieldList({ fields, wrong = {} }: FieldListProps) {
  return (
    <dl className={classes.fields}>
      {fields.map((field) => (
        <FieldRow
          key={field.api_name}
          field={field}
          wrong={wrong[field.canonical_name ?? ''] ?? null}
        />
      ))}
    </dl>
  );
}

function FieldRow({ field, wrong }: { field: DealField; wrong: string | null }) {
  const isWide = field.value?.kind === 'table';
  return (
    <div className={classes.field} data-wide={isWide || undefined}>
      <dt title={field.api_name}>{field.label}</dt>
      <dd>
        <Fresh of={JSON.stringify(field.value)}>
          {wrong === null ? (
            <FieldValue field={field} />
          ) : (
            <span className={classes.wrong}>
              <FieldValue field={field} />, {wrong}
            </span>
          )}
        </Fresh>
      </dd>
    </div>
  );
}

type FoldedProps = FieldListProps & {
  /** So many are shown, the others on request. */
  atFirst: number;
  /** Puts those with a value before the empty ones. */
  isFilledFirst?: boolean;
};

export function FoldedFieldList(props: FoldedProps) {
  const { fields, wrong = {}, atFirst, isFilledFirst = false } = props;
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const ordered = isFilledFirst
    ? fields.toSorted((one, other) => Number(one.value === null) - Number(other.value === null))
    : fields;
  const left = ordered.length - atFirst;
  return (
    <>
      <div id={id}>
        <FieldList fields={isOpen ? ordered : ordered.slice(0, atFirst)} wrong={wrong} />
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
