import type { Schema } from '@/lib/api';

const NAMES: Record<Schema['SyncType'], string> = {
  full_sync: 'Full sync',
  incremental: 'Quick sync',
  manual: 'A single read',
  webhook: 'A notification',
  reconcile: 'Reconcile',
  small_batch: 'Small batch',
  mass_update: 'Mass update',
  bulk_write: 'Bulk write',
};

/** Returns what a run is called; a deal that was read alone has no run. */
export const runName = (type: Schema['SyncType'] | null): string =>
  type === null ? 'A single read' : NAMES[type];
