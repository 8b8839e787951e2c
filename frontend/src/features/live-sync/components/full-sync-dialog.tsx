/** Asks before a full sync: what is read, from where, what it costs, and what is left after it. */
import { Button, Kbd, Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Note } from '@/components/note/note';
import { QueryPanel } from '@/components/panel/query-panel';
import { counted, formatWhole } from '@/lib/format';
import { useStartSync } from '@/lib/queries/sync-state';
import { tellError } from '@/lib/toast';
import { type LoadPreview, planQuery } from '../api/queries';
import { deals } from '../lib/words';
import { CreditBar } from './credit-bar';
import classes from './full-sync-dialog.module.css';
import { PlanTable } from './plan-table';

type FullSyncDialogProps = { isOpen: boolean; onClose: () => void };

export function FullSyncDialog({ isOpen, onClose }: FullSyncDialogProps) {
  const plan = useQuery({ ...planQuery, enabled: isOpen });
  const start = useStartSync();
  const isTooDear = plan.data?.is_affordable === false;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Start a full sync?"
      padding={0}
      classNames={{ header: classes.header ?? '', body: classes.body ?? '' }}
    >
      <div className={classes.content}>
        <p className={classes.words}>{wordsOf(plan.data)}</p>
        <QueryPanel
          query={plan}
          failed="The plan could not be made"
          minHeight={180}
          skeleton={<Skeleton height={180} />}
        >
          {(preview) => <Preview preview={preview} />}
        </QueryPanel>
      </div>
      <footer className={classes.footer}>
        <span className={classes.hint}>
          Can be cancelled at any time, and goes on where it stopped.
        </span>
        <Button data-autofocus onClick={onClose} rightSection={<Kbd size="xs">Esc</Kbd>}>
          Not now
        </Button>
        <Button
          variant="filled"
          disabled={isTooDear}
          loading={start.isPending}
          onClick={() => {
            start.mutate('full', {
              onSuccess: onClose,
              onError: (error) => {
                onClose();
                tellError(error, 'The full sync did not start.');
              },
            });
          }}
        >
          Start full sync
        </Button>
      </footer>
    </Modal>
  );
}

function wordsOf(preview: LoadPreview | undefined): string {
  const all = preview === undefined ? 'All deals' : `All ${deals(preview.records)}`;
  if (preview?.counted_by === 'crm') {
    return `${all} in the CRM are read for the first time. You can use them as they arrive.`;
  }
  return `${all} are read again and compared. Your edits and open conflicts are kept. Deals stay usable meanwhile. A quick sync is usually enough.`;
}

function Preview({ preview }: { preview: LoadPreview }) {
  const { credits, resumes, spent_by_preview: spent } = preview;
  return (
    <>
      {resumes && (
        <Note kind="info">
          A full sync was stopped after {formatWhole(resumes.records_loaded)} of{' '}
          {deals(resumes.records_total)}. This one goes on from there.
        </Note>
      )}
      <PlanTable plan={preview} />
      <CreditBar credits={credits} cost={preview.chosen.credits} />
      {!preview.is_affordable && (
        <Note kind="warning">
          There are not enough credits left for this. They come back one by one, 24 hours after they
          were spent.
        </Note>
      )}
      {spent.credits > 0 && (
        <p className={classes.cost}>
          Counting them in the CRM took {counted(spent.credits, 'credit')}.
        </p>
      )}
    </>
  );
}
