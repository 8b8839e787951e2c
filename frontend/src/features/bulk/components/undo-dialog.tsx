/** Asks before an operation is undone: what comes back, and what is left because it was touched. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Confirm } from '@/components/confirm/confirm';
import { QueryPanel } from '@/components/panel/query-panel';
import { counted, formatDuration, formatWhole } from '@/lib/format';
import type { Schema } from '@/lib/api';
import { tellError } from '@/lib/toast';
import { undoPreviewQuery, useUndo } from '../api/bulk';
import { BeforeAfter } from './before-after';
import classes from './confirm-start.module.css';

type UndoPreview = Schema['UndoPreview'];

const SHOWN = 3;

type UndoDialogProps = {
  id: string;
  isOpen: boolean;
  onClose: () => void;
  onStarted: (id: string) => void;
  labelOf: (field: string) => string;
};

export function UndoDialog({ id, isOpen, onClose, onStarted, labelOf }: UndoDialogProps) {
  const query = useQuery({ ...undoPreviewQuery(id), enabled: isOpen });
  const undo = useUndo();
  const count = query.data?.will_restore;
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={count === undefined ? 'Undo this operation?' : `Undo it in ${counted(count, 'deal')}?`}
      keep="Not now"
      confirm={count === undefined ? 'Undo' : `Undo in ${counted(count, 'deal')}`}
      isBusy={undo.isPending}
      isLocked={count === undefined || count === 0 || query.data?.plan.is_affordable === false}
      onConfirm={() => {
        undo.mutate(id, {
          onSuccess: ({ session_id }) => {
            onClose();
            onStarted(session_id);
          },
          onError: (error) => {
            onClose();
            tellError(error, 'The undo did not start.');
          },
        });
      }}
    >
      <QueryPanel
        query={query}
        failed="What an undo would do could not be found out"
        minHeight={160}
        skeleton={<Skeleton height={160} />}
      >
        {(preview) => <Words preview={preview} labelOf={labelOf} />}
      </QueryPanel>
    </Confirm>
  );
}

type WordsProps = { preview: UndoPreview; labelOf: (field: string) => string };

function Words({ preview, labelOf }: WordsProps) {
  const { will_restore: count, left, plan, sample } = preview;
  const all = preview.left_alone + preview.will_fail + preview.in_part;
  return (
    <div className={classes.words}>
      <p>
        {count === 0
          ? 'Nothing can be put back.'
          : 'Fields that nobody has touched since get back what they held before.'}
      </p>
      {sample.length > 0 && (
        <BeforeAfter rows={sample.slice(0, SHOWN)} label="Deals that get their values back" />
      )}
      {left.length > 0 && (
        <>
          <p>
            {counted(all, 'deal')} {all === 1 ? 'keeps' : 'keep'} something as it is now:
          </p>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls must be reached by keys */}
          <ul className={classes.list} aria-label="Left as they are" tabIndex={0}>
            {left.map(({ id, name, fields, message }) => (
              <li key={id}>
                <strong>
                  <Link to={`/deals/${id}`}>{name ?? id}</Link>
                </strong>{' '}
                {fields.length > 0 && `${fields.map(labelOf).join(', ')}. `}
                {message}
              </li>
            ))}
            {all > left.length && <li>and {formatWhole(all - left.length)} more</li>}
          </ul>
        </>
      )}
      {count > 0 && (
        <p>
          Costs about {counted(plan.credits, 'credit')} and takes about{' '}
          {formatDuration(plan.seconds)}. An undo can be undone too.
        </p>
      )}
    </div>
  );
}
