/** Asks before an operation is stopped: what is changed stays changed, the rest stays as it is. */
import { Confirm } from '@/components/confirm/confirm';
import { counted, formatWhole } from '@/lib/format';
import { tellError } from '@/lib/toast';
import { type BulkSession, useCancel } from '../api/bulk';

type CancelDialogProps = { session: BulkSession; isOpen: boolean; onClose: () => void };

export function CancelDialog({ session, isOpen, onClose }: CancelDialogProps) {
  const cancel = useCancel();
  const { done, waiting } = session.counts;
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title="Stop this operation?"
      keep="Keep running"
      confirm="Stop operation"
      isRed
      isBusy={cancel.isPending}
      onConfirm={() => {
        cancel.mutate(session.id, {
          onSuccess: onClose,
          onError: (error) => {
            onClose();
            tellError(error, 'The operation was not stopped.');
          },
        });
      }}
    >
      {done === 0
        ? 'No deal is changed yet. What is on its way to the CRM is still settled; the rest stays as it is.'
        : `${counted(done, 'deal')} ${done === 1 ? 'is' : 'are'} changed and ${done === 1 ? 'stays' : 'stay'} so until you undo the operation. What is on its way is still settled; the other ${formatWhole(waiting)} stay as they are.`}
    </Confirm>
  );
}
