/** A field in conflict: the agreed value, the two sides to choose from, and the result. */
import { Kbd } from '@mantine/core';
import { IconArrowsSplit2, IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import { valueText } from '@/lib/value-text';
import type { Conflict, ConflictField } from '../../api/conflicts';
import { differenceOf, kindOf, RESULTS, shared, type Side } from '../../lib/conflict-words';
import type { Decision } from '../../lib/decisions';
import classes from './field-row.module.css';
import { TypedValue } from './typed-value';

type Props = {
  conflict: Conflict;
  field: ConflictField;
  decision: Decision | undefined;
  isHere: boolean;
  isTyping: boolean;
  mayEdit: boolean;
  onType: (isTyping: boolean) => void;
  onDecide: (decision: Decision) => void;
};

export function FieldRow(props: Props) {
  const { conflict, field, decision, isHere, isTyping, mayEdit, onDecide } = props;
  const now = useNow('minute');
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isHere) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isHere]);
  return (
    <li
      ref={row}
      className={classes.row}
      data-here={isHere || undefined}
      aria-current={isHere || undefined}
      aria-label={field.label}
    >
      <span className={classes.field}>
        <span className={classes.label}>{field.label}</span>
        <span className={classes.small}>{kindOf(field)}</span>
      </span>
      <span className={classes.base}>
        <span className={classes.only}>Last agreed: </span>
        {field.is_base_known ? valueText(field.base, now) : 'Never read'}
        {hasOwn(conflict, 'agreed_at') && field.agreed_at !== null && (
          <span className={classes.own}>{formatWhen(new Date(field.agreed_at), now)}</span>
        )}
      </span>
      {(['local', 'crm'] as const).map((side) => (
        <Choice
          key={side}
          side={side}
          field={field}
          isGone={side === 'crm' && conflict.is_record_gone}
          isApart={
            hasOwn(conflict, `${side}_modified_at`) || hasOwn(conflict, `${side}_modified_by`)
          }
          isChosen={decision !== undefined && 'use' in decision && decision.use === side}
          isFixed={!mayEdit}
          onChoose={() => {
            onDecide({ use: side });
          }}
        />
      ))}
      <span className={classes.result}>
        {isTyping ? (
          <TypedValue
            recordId={conflict.id}
            field={field}
            onLeave={() => {
              props.onType(false);
            }}
            onTake={(typed, words) => {
              onDecide({ typed, words });
            }}
          />
        ) : (
          <Result {...props} />
        )}
      </span>
      {field.error_message !== null && (
        <p className={classes.error}>Could not be sent: {field.error_message}</p>
      )}
      {field.awaits_timeline && (
        <p className={classes.small}>The newest wins: the CRM is asked when its value changed.</p>
      )}
    </li>
  );
}

/** The head tells what all fields share; what differs is told by each. */
const hasOwn = (
  { fields }: Conflict,
  name: 'agreed_at' | `${Side}_modified_at` | `${Side}_modified_by`,
): boolean => fields.length > 1 && shared(fields.map((each) => each[name] ?? '')) === null;

function Result({ conflict, field, decision, mayEdit, onType }: Props) {
  const now = useNow('minute');
  const words = RESULTS[conflict.is_record_gone ? 'gone' : 'there'];
  if (decision === undefined) {
    return (
      <>
        <span className={classes.open}>
          <IconArrowsSplit2 size={14} stroke={1.8} aria-hidden /> Not decided
        </span>
        {mayEdit && (
          <button
            type="button"
            className={classes.type}
            aria-label={`Type a value for ${field.label}`}
            onClick={() => {
              onType(true);
            }}
          >
            or type a value <Kbd size="xs">3</Kbd>
          </button>
        )}
      </>
    );
  }
  if ('typed' in decision) {
    return (
      <>
        <span className={classes.value}>{decision.words}</span>
        <span className={classes.small}>{words.typed}</span>
      </>
    );
  }
  const taken = decision.use === 'local' ? field.local_value : field.crm_value;
  const isDropped = conflict.is_record_gone && decision.use === 'crm';
  return (
    <>
      <span className={classes.value}>{isDropped ? 'Deleted' : valueText(taken, now)}</span>
      <span className={classes.small}>{words[decision.use]}</span>
    </>
  );
}

type ChoiceProps = {
  side: Side;
  field: ConflictField;
  isGone: boolean;
  /** Its person or time is not that of the record's other fields. */
  isApart: boolean;
  isChosen: boolean;
  isFixed: boolean;
  onChoose: () => void;
};

function Choice({ side, field, isGone, isApart, isChosen, isFixed, onChoose }: ChoiceProps) {
  const now = useNow('minute');
  const isLocal = side === 'local';
  const name = isLocal ? 'Local' : 'CRM';
  const value = isLocal ? field.local_value : field.crm_value;
  const by = isLocal ? field.local_modified_by : field.crm_modified_by;
  const at = isLocal ? field.local_modified_at : field.crm_modified_at;
  const said = isGone ? 'Deleted' : valueText(value, now);
  const who = [by, at === null ? null : formatWhen(new Date(at), now)].filter(Boolean).join(', ');
  return (
    <button
      type="button"
      className={classes.choice}
      aria-pressed={isChosen}
      aria-label={`Use ${name} for ${field.label}: ${said}`}
      title={[said, who].filter(Boolean).join('\n')}
      disabled={isFixed}
      onClick={onChoose}
    >
      <span className={classes.only}>
        {name}
        {who && ` · ${who}`}
      </span>
      <span className={classes.value}>{said}</span>
      <span className={classes.small}>
        {isGone ? 'in the CRM' : differenceOf(field, value, side)}
      </span>
      {isApart && who && <span className={classes.own}>{who}</span>}
      <span className={classes.corner} aria-hidden>
        {isChosen && <IconCircleCheck size={16} stroke={1.7} />}
        {!isChosen && !isFixed && <Kbd size="xs">{isLocal ? '1' : '2'}</Kbd>}
      </span>
    </button>
  );
}
