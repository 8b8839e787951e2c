/** One record in conflict: last agreed, Local and CRM side by side, and what the decision leads to. */
import { Button, Kbd } from '@mantine/core';
import { useState } from 'react';
import { useShortcuts } from '@/lib/keys';
import { formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import { valueText } from '@/lib/value-text';
import { shared } from '../../lib/conflict-words';
import type { Conflict, ConflictField } from '../../api/conflicts';
import type { Decision, Decisions } from '../../lib/decisions';
import { FieldRow } from './field-row';
import { nameOf, RecordHead } from './record-head';
import classes from './record.module.css';

type Props = {
  conflict: Conflict;
  decisions: Decisions;
  mayEdit: boolean;
  isBusy: boolean;
  onUse: (side: 'local' | 'crm') => void;
  onMerge: (decided: ReadonlyMap<string, Decision>) => void;
  onSkip: () => void;
};

const COSTS = {
  there:
    'Sending costs 1 credit. If the CRM has moved on meanwhile, the conflict stays open and you are told.',
  gone: 'Restoring costs a credit beside sending. What the CRM cannot bring back stays open and you are told.',
};

export function Record({ conflict, decisions, mayEdit, isBusy, ...on }: Props) {
  const { fields } = conflict;
  const decided = decisions.of(conflict);
  const [place, setPlace] = useState(0);
  const [typing, setTyping] = useState<string | null>(null);
  const at = Math.min(place, fields.length - 1);
  const left = fields.length - decided.size;
  const step = (by: number) => (): void => {
    setPlace(Math.max(0, Math.min(fields.length - 1, at + by)));
  };
  const decide = (field: ConflictField, decision: Decision): void => {
    decisions.decide(conflict, field, decision);
    setTyping(null);
    const next = fields.findIndex((each, index) => index > at && !decided.has(each.field));
    if (next >= 0) setPlace(next);
  };
  const merge = (): void => {
    if (mayEdit && left === 0 && !isBusy) on.onMerge(decided);
  };
  const here = fields[at];
  const onField = (act: (field: ConflictField) => void) => (): void => {
    if (mayEdit && here) act(here);
  };
  const use = (side: 'local' | 'crm') =>
    onField((field) => {
      decide(field, { use: side });
    });
  const type = onField(({ field }) => {
    setTyping(field);
  });
  const skip = (): void => {
    if (mayEdit && !isBusy) on.onSkip();
  };
  useShortcuts([
    { keys: 'ArrowDown', does: 'Next field', run: step(1) },
    { keys: 'ArrowUp', does: 'Previous field', run: step(-1) },
    { keys: '1', does: 'Use Local', run: use('local') },
    { keys: '2', does: 'Use CRM', run: use('crm') },
    { keys: '3', does: 'Type a value', run: type },
    { keys: 'm', does: 'Merge', run: merge },
    { keys: 's', does: 'Skip', run: skip },
  ]);
  return (
    <section className={classes.record} aria-label={nameOf(conflict)}>
      <RecordHead conflict={conflict} mayEdit={mayEdit} isBusy={isBusy} onUse={on.onUse} />
      <Columns conflict={conflict} />
      <ol className={classes.fields} aria-label="Fields in conflict">
        {fields.map((field, index) => (
          <FieldRow
            key={field.field}
            conflict={conflict}
            field={field}
            decision={decided.get(field.field)}
            isHere={index === at}
            isTyping={typing === field.field}
            mayEdit={mayEdit}
            onType={(isTyping) => {
              setPlace(index);
              setTyping(isTyping ? field.field : null);
            }}
            onDecide={(decision) => {
              setPlace(index);
              decide(field, decision);
            }}
          />
        ))}
      </ol>
      <div className={classes.steps}>
        <Button onClick={step(-1)} disabled={at === 0}>
          Previous field
        </Button>
        <span>
          {at + 1} of {fields.length}
        </span>
        <Button onClick={step(1)} disabled={at === fields.length - 1}>
          Next field
        </Button>
      </div>
      <Merged conflict={conflict} />
      <footer className={classes.foot}>
        <p className={classes.cost}>
          {mayEdit
            ? COSTS[conflict.is_record_gone ? 'gone' : 'there']
            : 'You can read this, not change it.'}
        </p>
        {mayEdit && (
          <>
            <Button onClick={skip} disabled={isBusy} rightSection={<Kbd size="xs">S</Kbd>}>
              {conflict.is_skipped ? 'Show again' : 'Skip'}
            </Button>
            <Button
              variant={left === 0 ? 'filled' : 'default'}
              disabled={left > 0}
              loading={isBusy}
              onClick={merge}
            >
              {left === 0 ? 'Merge' : `Merge, ${left} ${left === 1 ? 'field' : 'fields'} left`}
            </Button>
          </>
        )}
      </footer>
    </section>
  );
}

function Columns({ conflict }: { conflict: Conflict }) {
  const now = useNow('minute');
  const { fields } = conflict;
  const when = (moments: readonly (string | null)[]): string | null => {
    const moment = shared(moments);
    return moment === null ? null : formatWhen(new Date(moment), now);
  };
  const join = (...parts: (string | null)[]): string => parts.filter(Boolean).join(', ');
  const agreed = when(fields.map(({ agreed_at }) => agreed_at));
  const local = join(
    shared(fields.map(({ local_modified_by }) => local_modified_by)),
    when(fields.map(({ local_modified_at }) => local_modified_at)),
  );
  const crm = join(
    shared(fields.map(({ crm_modified_by }) => crm_modified_by)),
    when(fields.map(({ crm_modified_at }) => crm_modified_at)),
  );
  return (
    <div className={classes.columns}>
      <span>Field</span>
      <span>{join('Last agreed', agreed)}</span>
      <span>
        <strong>Local</strong>
        {local && ` · ${local}`}
      </span>
      <span>
        <strong>CRM</strong>
        {conflict.is_record_gone && ' · deleted'}
        {crm && ` · ${crm}`}
      </span>
      <span>Result</span>
    </div>
  );
}

function Merged({ conflict }: { conflict: Conflict }) {
  const now = useNow('minute');
  if (conflict.merged.length === 0) return null;
  return (
    <p className={classes.merged}>
      <span className={classes.mergedTitle}>Merged by itself</span>
      {conflict.merged.map(({ field, label, value, side }) => (
        <span key={field}>
          {label} → <strong>{valueText(value, now)}</strong>{' '}
          <span className={classes.soft}>from {side === 'crm' ? 'CRM' : 'Local'}</span>
        </span>
      ))}
    </p>
  );
}
