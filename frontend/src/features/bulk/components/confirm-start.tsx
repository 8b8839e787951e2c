/** Asks before deals are written: what, how many, what it costs, and that it can be undone. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '@/components/confirm/confirm';
import { ApiProblem } from '@/lib/api';
import { counted, formatDuration, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import { tellError } from '@/lib/toast';
import { type Preview, useStart, type Wanted } from '../api/bulk';
import { isTyped, mustType } from '../lib/operations';
import { becoming, exceptions, namesOf } from '../lib/words';
import classes from './confirm-start.module.css';

type ConfirmStartProps = {
  preview: Preview;
  wanted: Wanted;
  isOpen: boolean;
  onClose: () => void;
  onStarted: (id: string) => void;
  onOld: () => void;
};

export function ConfirmStart(props: ConfirmStartProps) {
  const { preview, wanted, isOpen, onClose, onStarted, onOld } = props;
  const [typed, setTyped] = useState('');
  const start = useStart();
  const now = useNow('minute');
  const { will_change: count, plan } = preview;
  const others = exceptions(preview);
  const shared = preview.sample[0]?.changes ?? [];
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={`Change ${namesOf(preview.fields.map(({ label }) => label))} in ${counted(count, 'deal')}?`}
      keep="Not now"
      confirm={`Change ${counted(count, 'deal')}`}
      isBusy={start.isPending}
      isLocked={mustType(count) && !isTyped(typed, count)}
      onConfirm={() => {
        start.mutate(
          { ...wanted, confirmed_count: count },
          {
            onSuccess: onStarted,
            onError: (error) => {
              onClose();
              tellError(error, 'The operation did not start.');
              if (error instanceof ApiProblem && error.code === 'selection_changed') onOld();
            },
          },
        );
      }}
    >
      <div className={classes.words}>
        <p>{becoming(shared, now)}</p>
        {others.length > 0 && <p>{others.join(' ')}</p>}
        <p>
          Costs about {counted(plan.credits, 'credit')} and takes about{' '}
          {formatDuration(plan.seconds)}. Afterwards it can be undone: fields that nobody has
          touched since get their values back.
        </p>
        {mustType(count) && (
          <TextInput
            label={`Type ${formatWhole(count)} to confirm`}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        )}
      </div>
    </Confirm>
  );
}
