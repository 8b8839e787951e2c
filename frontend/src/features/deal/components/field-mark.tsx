/** The second line of a marked field: the other value, who and when, and what can be done. */
import { UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { Moment } from '@/components/time/moment';
import type { FieldMark } from '@/lib/mark-words';
import { useNow } from '@/lib/now';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { valueText } from '@/lib/value-text';
import type { Deal, DealField, Value } from '../api/deal';
import { useDropChanges, useRetryChanges, useSaveDeal } from '../api/edit';
import { useEditing } from '../lib/use-deal-editing';
import classes from './field-mark.module.css';

type MarkProps = { deal: Deal; field: DealField; mark: FieldMark };

export function MarkLine({ deal, field, mark }: MarkProps) {
  const mayEdit = useMay('editor');
  return (
    <div className={classes.line}>
      {mark.state === 'error' && <p className={classes.refusal}>{refusalOf(mark)}</p>}
      <span>
        <Words mark={mark} />
      </span>
      {mayEdit && <Actions deal={deal} field={field} mark={mark} />}
    </div>
  );
}

const refusalOf = (mark: FieldMark): string =>
  mark.error === null
    ? 'The CRM refused the change.'
    : `CRM: ${mark.error}${mark.error_code === null ? '' : ` (${mark.error_code})`}`;

function Words({ mark }: { mark: FieldMark }) {
  const was = mark.is_base_known && (
    <>
      was <Brief value={mark.base} />
    </>
  );
  if (mark.state === 'conflict') {
    return (
      <>
        {mark.is_record_gone ? (
          'deleted in the CRM'
        ) : (
          <>
            CRM <Brief value={mark.crm} />
          </>
        )}
        {was && <> · {was}</>}
        {mark.is_skipped && ' · left for later'}
      </>
    );
  }
  return (
    <>
      {was && <>{was}, </>}
      {mark.by === '' || mark.is_mine ? 'by you' : `by ${mark.by}`} <Moment at={mark.at} />
      {mark.is_on_its_way && ' · being sent'}
    </>
  );
}

const LONGEST = 60;

function Brief({ value }: { value: Value | null }) {
  const now = useNow('minute');
  // The value above says the currency already.
  const text = valueText(value, now, { brief: value?.kind !== 'money' });
  const isWords = value !== null && ['text', 'paragraph'].includes(value.kind);
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text;
  return <span title={cut === text ? undefined : text}>{isWords ? `“${cut}”` : cut}</span>;
}

function Actions({ deal, field, mark }: MarkProps) {
  const { reason } = useEditing();
  if (mark.is_record_gone) return null;
  switch (mark.state) {
    case 'pending':
      return mark.can_be_dropped ? <Drop deal={deal} field={field} word="Undo" /> : null;
    case 'conflict':
      return (
        <Link className={classes.action} to={`/sync-status?tab=conflicts&record=${deal.id}`}>
          Resolve
        </Link>
      );
    case 'error':
      return (
        <>
          {reason === null && <Retry deal={deal} field={field} />}
          {mark.can_be_dropped && <Drop deal={deal} field={field} word="Drop" />}
        </>
      );
  }
}

type ActionProps = { deal: Deal; field: DealField };

function Drop({ deal, field, word }: ActionProps & { word: 'Undo' | 'Drop' }) {
  const drop = useDropChanges(deal.id);
  const save = useSaveDeal(deal.id);
  return (
    <UnstyledButton
      className={classes.action}
      aria-label={`${word} the edit of ${field.label}`}
      disabled={drop.isPending}
      onClick={() => {
        drop.mutate([field.api_name], {
          onSuccess: ({ dropped }) => {
            if (Object.keys(dropped).length === 0) return;
            tellUndoable(`The edit of ${field.label} was dropped.`, () => {
              save.mutate({
                values: dropped,
                onSaved: () => undefined,
                onRefused: (error) => {
                  tellError(error, `The edit of ${field.label} could not be brought back.`);
                },
              });
            });
          },
          onError: (error) => {
            tellError(error, `The edit of ${field.label} stays.`);
          },
        });
      }}
    >
      {word}
    </UnstyledButton>
  );
}

function Retry({ deal, field }: ActionProps) {
  const retry = useRetryChanges(deal.id);
  return (
    <UnstyledButton
      className={classes.action}
      aria-label={`Retry the edit of ${field.label}`}
      disabled={retry.isPending}
      onClick={() => {
        retry.mutate([field.api_name], {
          onError: (error) => {
            tellError(error, `The edit of ${field.label} was not sent again.`);
          },
        });
      }}
    >
      Retry
    </UnstyledButton>
  );
}
