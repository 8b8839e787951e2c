/** The fields of one group, a row each; long lists show what is filled first and fold the rest. */
import { UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { counted } from '@/lib/format';
import type { Deal, DealField } from '../api/deal';
import { useEditing } from '../lib/use-deal-editing';
import classes from './field-list.module.css';
import { FieldRow } from './field-row';

type FieldListProps = {
  deal: Deal;
  fields: readonly DealField[];
  /** What is wrong with a value, by canonical name: said after it, in red. */
  wrong?: Readonly<Record<string, string | null>>;
};

export function FieldList({ deal, fields, wrong = {} }: FieldListProps) {
  return (
    <dl className={classes.fields}>
      {fields.map((field) => (
        <FieldRow
          key={field.api_name}
          deal={deal}
          field={field}
          wrong={wrong[field.canonical_name ?? ''] ?? null}
        />
      ))}
    </dl>
  );
}

type FoldedProps = FieldListProps & {
  /** So many are shown, the others on request. */
  atFirst: number;
  /** Puts those with a value before the empty ones. */
  isFilledFirst?: boolean;
};

export function FoldedFieldList(props: FoldedProps) {
  const { deal, fields, wrong = {}, atFirst, isFilledFirst = false } = props;
  const [isUnfolded, setIsUnfolded] = useState(false);
  const { open, fieldOf } = useEditing();
  const id = useId();
  const ordered = isFilledFirst
    ? fields.toSorted((one, other) => Number(one.value === null) - Number(other.value === null))
    : fields;
  const left = ordered.length - atFirst;
  const isInForm = ({ api_name: name }: DealField): boolean =>
    open?.form === true && (fieldOf(name)?.input ?? 'none') !== 'none';
  // What can be edited is shown while the form is open, and what is marked always.
  const shown = isUnfolded
    ? ordered
    : ordered.filter((field, at) => at < atFirst || field.change !== null || isInForm(field));
  return (
    <>
      <div id={id}>
        <FieldList deal={deal} fields={shown} wrong={wrong} />
      </div>
      {left > 0 && (isUnfolded || shown.length < ordered.length) && (
        <UnstyledButton
          className={classes.more}
          aria-expanded={isUnfolded}
          aria-controls={id}
          onClick={() => {
            setIsUnfolded(!isUnfolded);
          }}
        >
          {isUnfolded ? 'Show fewer' : `Show ${ordered.length - shown.length} more`}
        </UnstyledButton>
      )}
    </>
  );
}

/** The closing date of a deal that should be closed by now says so, in words and red. */
export function overdueWords(deal: Deal): string | null {
  return deal.days_overdue === null ? null : `${counted(deal.days_overdue, 'day')} overdue`;
}
