/** Asks before a run is stopped: what stays, and what the next one does. */
import { Confirm } from '@/components/confirm/confirm';
import { formatWhole } from '@/lib/format';
import { tellError } from '@/lib/toast';
import { type Session, useStopSync } from '../api/queries';

type StopDialogProps = { session: Session; isOpen: boolean; onClose: () => void };

export function StopDialog({ session, isOpen, onClose }: StopDialogProps) {
  const stop = useStopSync();
  const loaded = `${formatWhole(session.records_processed)} ${session.module.toLowerCase()}`;
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title="Stop this sync?"
      keep="Keep running"
      confirm="Stop sync"
      isRed
      isBusy={stop.isPending}
      onConfirm={() => {
        stop.mutate(session.id, {
          onSuccess: onClose,
          onError: (error) => {
            onClose();
            tellError(error, 'The sync was not stopped.');
          },
        });
      }}
    >
      {session.records_processed === 0
        ? 'Nothing is loaded yet. The next sync starts from the same place.'
        : `${loaded} stay loaded. The next ${session.sync_type === 'full_sync' ? 'full sync' : 'sync'} goes on from here.`}
    </Confirm>
  );
}
