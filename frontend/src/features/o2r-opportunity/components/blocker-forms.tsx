/** Forms that open a blocker and that resolve it; both can be taken back. */
import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '@/components/form-dialog/form-dialog';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { type Blocker, useChangeBlocker, useOpenBlocker } from '../api/queries';

const LONGEST_TITLE = 200;
const LONGEST_WORDS = 4000;

export function BlockerForm({ dealId, onClose }: { dealId: string; onClose: () => void }) {
  const [title, setTitle] = useState('');
  const open = useOpenBlocker(dealId);
  const change = useChangeBlocker();
  return (
    <FormDialog
      title="Open a blocker"
      submit="Open blocker"
      isBusy={open.isPending}
      error={open.error}
      onClose={onClose}
      onSubmit={() => {
        open.mutate(title, {
          onSuccess: (blocker) => {
            onClose();
            tellUndoable('Blocker opened.', () => {
              change.mutate({ id: blocker.id, does: 'withdraw' }, { onError: failed });
            });
          },
        });
      }}
    >
      <TextInput
        label="What holds the deal up"
        description="The deal is blocked until this is resolved: 32 points off its score."
        value={title}
        onChange={(event) => {
          setTitle(event.currentTarget.value);
        }}
        maxLength={LONGEST_TITLE}
        required
        data-autofocus
      />
    </FormDialog>
  );
}

export function ResolveForm({ blocker, onClose }: { blocker: Blocker; onClose: () => void }) {
  const [resolution, setResolution] = useState('');
  const change = useChangeBlocker();
  const undo = useChangeBlocker();
  return (
    <FormDialog
      title={`Resolve “${blocker.title}”?`}
      submit="Resolve blocker"
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={() => {
        const said = resolution.trim();
        change.mutate(
          { id: blocker.id, does: 'resolve', resolution: said === '' ? null : said },
          {
            onSuccess: () => {
              onClose();
              tellUndoable('Blocker resolved.', () => {
                undo.mutate({ id: blocker.id, does: 'reopen' }, { onError: failed });
              });
            },
          },
        );
      }}
    >
      <Textarea
        label="How it ended"
        description="May be left empty. It stays with the blocker."
        value={resolution}
        onChange={(event) => {
          setResolution(event.currentTarget.value);
        }}
        maxLength={LONGEST_WORDS}
        autosize
        minRows={2}
        maxRows={8}
        data-autofocus
      />
    </FormDialog>
  );
}

const failed = (error: Error): void => {
  tellError(error, 'It could not be taken back.');
};
