/** Which record is in conflict, and the two decisions about all of its fields at once. */
import { Button } from '@mantine/core';
import { IconArrowUp, IconCloudDown } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Confirm } from '@/components/confirm/confirm';
import { StateBadge } from '@/components/status/state-badge';
import { RECORD_STATES } from '@/components/status/vocabulary';
import { counted, formatWhole, symbolOf } from '@/lib/format';
import type { Conflict } from '../../api/conflicts';
import classes from './record.module.css';

export const nameOf = (conflict: Conflict): string =>
  conflict.record_name ?? `Record ${conflict.id}`;

type Props = {
  conflict: Conflict;
  mayEdit: boolean;
  isBusy: boolean;
  onUse: (side: 'local' | 'crm') => void;
};

export function RecordHead({ conflict, mayEdit, isBusy, onUse }: Props) {
  const isGone = conflict.is_record_gone;
  const [isAsking, setAsking] = useState(false);
  const words = asked(conflict);
  const facts = [
    conflict.account?.name,
    conflict.value === null
      ? null
      : `${symbolOf(conflict.currency)} ${formatWhole(conflict.value)}`,
    conflict.stage,
    `ID ${conflict.id}`,
  ];
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <h2 className={classes.title}>
          <Link to={`/deals/${conflict.id}`}>{nameOf(conflict)}</Link>
          <StateBadge state={isGone ? RECORD_STATES.deleted : RECORD_STATES.conflict} />
        </h2>
        <p className={classes.facts}>{facts.filter(Boolean).join(' · ')}</p>
        {isGone && (
          <p className={classes.facts}>
            The record was deleted in the CRM while it was edited here: drop the edits, or restore
            the record and push them.
          </p>
        )}
      </div>
      {mayEdit && (
        <div className={classes.actions}>
          <Button
            disabled={isBusy}
            leftSection={<IconArrowUp size={14} stroke={1.7} aria-hidden />}
            onClick={() => {
              setAsking(true);
            }}
          >
            {isGone ? 'Restore and push' : 'Use Local for all'}
          </Button>
          <Confirm
            isOpen={isAsking}
            onClose={() => {
              setAsking(false);
            }}
            title={words.title}
            keep="Back"
            confirm={words.confirm}
            isBusy={isBusy}
            onConfirm={() => {
              setAsking(false);
              onUse('local');
            }}
          >
            {words.text}
          </Confirm>
          <Button
            disabled={isBusy}
            leftSection={<IconCloudDown size={14} stroke={1.7} aria-hidden />}
            onClick={() => {
              onUse('crm');
            }}
          >
            {isGone ? 'Drop the edits' : 'Use CRM for all'}
          </Button>
        </div>
      )}
    </header>
  );
}

/** What is sent goes at once and cannot be taken back here, so it is asked for. */
function asked(conflict: Conflict): { title: string; text: string; confirm: string } {
  const name = nameOf(conflict);
  const fields = counted(conflict.fields.length, 'field');
  if (conflict.is_record_gone) {
    return {
      title: `Restore ${name} in the CRM?`,
      text: `The record comes back from the CRM's recycle bin with your values for ${fields}. It costs about 2 credits and cannot be undone here. What the CRM cannot bring back stays open and you are told.`,
      confirm: 'Restore and push',
    };
  }
  return {
    title: `Use Local values for ${fields} in ${name}?`,
    text: "The CRM's values for these fields are overwritten. It costs 1 credit and cannot be undone here. If the CRM has moved on meanwhile, the conflict stays open and you are told.",
    confirm: `Use Local for ${fields}`,
  };
}
