/** Runs and calls in words. */
import type { Schema } from '@/lib/api';

type Run = Pick<Schema['SessionSummary'], 'trigger' | 'requested_by'>;

export const KINDS: Record<Schema['SyncType'], string> = {
  incremental: 'Quick',
  full_sync: 'Full',
  reconcile: 'Reconcile',
  webhook: 'Webhook',
  manual: 'One record',
  small_batch: 'Small batch',
  mass_update: 'Mass update',
  bulk_write: 'Bulk write',
};

/** "Quick sync", "Reconcile": a kind as the name of a run. */
export const nameOfRun = (kind: Schema['SyncType']): string =>
  kind === 'incremental' || kind === 'full_sync' ? `${KINDS[kind]} sync` : KINDS[kind];

export const TRIGGERS: Record<Schema['Trigger'], string> = {
  schedule: 'Schedule',
  webhook: 'CRM notification',
  command_line: 'Command line',
  api: 'API',
  person: 'A person',
};

/** What set a run off; a person is told by name. */
export const triggerOf = ({ trigger, requested_by }: Run): string =>
  trigger === 'person' ? requested_by : TRIGGERS[trigger];

const OPERATIONS: Readonly<Record<string, string>> = {
  'coql.query': 'Query (COQL)',
  'records.list': 'List of records',
  'records.get': 'One record',
  'records.deleted': 'List of deletions',
  'records.count': 'Count of records',
  'records.search': 'Search',
  'records.timeline': 'Timeline of a record',
  'records.stage_history': 'Stage history',
  'records.insert': 'Create records',
  'records.update': 'Update records',
  'records.upsert': 'Create or update records',
  'records.delete': 'Delete records',
  'recycle_bin.restore': 'Restore records',
  'bulk_read.create': 'Bulk Read, start',
  'bulk_read.status': 'Bulk Read, state',
  'bulk_read.download': 'Bulk Read, download',
  'metadata.modules': 'Modules',
  'metadata.fields': 'Fields',
  'metadata.layouts': 'Layouts',
  'metadata.pipelines': 'Pipelines',
  'metadata.organisation': 'Organisation',
  'metadata.users': 'Users',
  'metadata.currencies': 'Currencies',
};

/** The kind of a call as a person reads it; a new one keeps its own name. */
export const operationName = (operation: string): string => OPERATIONS[operation] ?? operation;

export const SOURCES: Readonly<Record<string, string>> = {
  pages: 'Pages',
  coql: 'COQL',
  bulk_read: 'Bulk Read',
};

export const RANGE_WORDS: Record<Schema['HealthRange'], string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
};
