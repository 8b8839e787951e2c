/** Quick Sync starts at once, Full Sync asks first; what cannot start says why. */
import { Button, Tooltip } from '@mantine/core';
import { IconBolt, IconDatabaseImport } from '@tabler/icons-react';
import { type CurrentStatus, useStartSync } from '@/lib/queries/sync-state';
import { tellError } from '@/lib/toast';

type StartButtonsProps = { current: CurrentStatus | undefined; onFull: () => void };

export function StartButtons({ current, onFull }: StartButtonsProps) {
  const start = useStartSync();
  const held = heldBy(current);
  const quickHeld = held ?? quickHeldBy(current);
  return (
    <>
      <Held reason={quickHeld}>
        <Button
          leftSection={<IconBolt size={16} stroke={1.7} aria-hidden />}
          disabled={quickHeld !== null}
          loading={start.isPending}
          onClick={() => {
            start.mutate('incremental', {
              onError: (error) => {
                tellError(error, 'The quick sync did not start.');
              },
            });
          }}
        >
          Quick Sync
        </Button>
      </Held>
      <Held reason={held}>
        <Button
          variant={held === null ? 'filled' : 'default'}
          leftSection={<IconDatabaseImport size={16} stroke={1.7} aria-hidden />}
          disabled={held !== null}
          onClick={onFull}
        >
          Full Sync
        </Button>
      </Held>
    </>
  );
}

/** A button that is shut takes no pointer, so what stands around it tells why. */
function Held({ reason, children }: { reason: string | null; children: React.ReactNode }) {
  return (
    <Tooltip label={reason} disabled={reason === null}>
      <span>{children}</span>
    </Tooltip>
  );
}

function heldBy(current: CurrentStatus | undefined): string | null {
  if (current === undefined) return 'The state of the mirror is not known yet.';
  if (current.condition === 'not_connected') return 'Connect a CRM first.';
  if (current.is_syncing) return 'A sync is running.';
  return current.mode === 'local_to_crm'
    ? 'Nothing is read from the CRM in the mode Local to CRM only.'
    : null;
}

function quickHeldBy(current: CurrentStatus | undefined): string | null {
  return current?.next_sync_hold === 'full_sync_needed' || current?.data_at === null
    ? 'A full sync comes first: there is nothing to go on from.'
    : null;
}
