/** The log's actions in words; one that is not known here is told by its own name. */
import { browserOf } from '@/lib/browser';
import type { AuditLine } from '../api/audit';

export const ROLE_WORDS = { viewer: 'Viewer', editor: 'Editor', admin: 'Admin' } as const;
export const ROLE_MEANINGS = {
  viewer: 'Reads everything',
  editor: 'Also edits, starts and stops syncs',
  admin: 'Also connection, settings, users and tokens',
} as const;
export const ROLES = ['viewer', 'editor', 'admin'] as const;

const VIA = {
  session: 'in the app',
  token: 'by API token',
  cli: 'by command on the server',
  system: 'by itself',
} as const;

const USER_AGENT = 'user_agent';

const ACTIONS: Readonly<Record<string, string>> = {
  'session.started': 'Logged in',
  'session.ended': 'Logged out',
  'session.others_ended': 'Logged out everywhere else',
  'login.locked': 'Locked after wrong passwords',
  'password.changed': 'Changed the own password',
  'user.added': 'Added a user',
  'user.changed': 'Changed a user',
  'user.removed': 'Removed a user',
  'user.password_reset': 'Reset a password',
  'user.unlocked': 'Unlocked a user',
  'token.made': 'Made an API token',
  'token.ended': 'Ended an API token',
  'settings.changed': 'Changed settings',
  'field_map.changed': 'Changed the field map',
  'sync.full.started': 'Started a full sync',
  'sync.quick.started': 'Started a quick sync',
  'sync.reconcile.started': 'Started a drift check',
  'sync.cancelled': 'Stopped a sync',
  'sync.configuration.changed': 'Changed interval or mode',
  'record.synced': 'Had a record read again',
  'conflict.resolved': 'Resolved a conflict',
  'conflict.skipped': 'Skipped a conflict',
  'conflict.unskipped': 'Showed a skipped conflict again',
  'milestone.set': 'Set a milestone',
  'comment.added': 'Commented on a deal',
  'comment.rewritten': 'Edited a comment',
  'comment.deleted': 'Deleted a comment',
  'comment.restored': 'Brought a comment back',
  'blocker.opened': 'Opened a blocker',
  'blocker.resolved': 'Resolved a blocker',
  'blocker.reopened': 'Took a resolution back',
  'blocker.withdrawn': 'Took a blocker back',
  'action_item.added': 'Added an action item',
  'action_item.changed': 'Changed an action item',
  'action_item.done': 'Checked an action item off',
  'action_item.reopened': 'Opened an action item again',
  'action_item.deleted': 'Deleted an action item',
  'action_item.restored': 'Brought an action item back',
  'account.strategic_set': 'Flagged an account as strategic',
  'account.strategic_unset': 'Took the strategic flag off',
  'export.started': 'Exported',
  'export.streamed': 'Exported by a script',
  'export.downloaded': 'Fetched an export',
  'export.cancelled': 'Stopped an export',
  'notices.read': 'Read notices',
  'review.mailed': 'Sent a weekly review by mail',
  'connection.sign_in_begun': 'Began to connect a CRM',
  'connection.sign_in_failed': 'Could not connect a CRM',
  'connection.connected': 'Connected a CRM',
  'connection.disconnected': 'Disconnected the CRM',
};

/** Returns what was done, as a clause that follows a name. */
export function actionWords(action: string): string {
  const known = ACTIONS[action];
  if (known) return known;
  const words = action.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns how somebody came in, from where, and with what browser where that is known. */
export function viaWords({ via, address, before, after }: AuditLine): string {
  const agent = { ...before, ...after }[USER_AGENT];
  const browser = typeof agent === 'string' ? browserOf(agent) : null;
  return [VIA[via], address, browser].filter(Boolean).join(', ');
}

export type Change = { name: string; before: string | null; after: string | null };

/** Returns the values that a line tells of, one a name; null where a side has none. */
export function changesOf({ before, after }: AuditLine): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    // A choice that was open and left open says nothing.
    (name) => (before?.[name] ?? null) !== null || (after?.[name] ?? null) !== null,
  );
  return names
    .map((name) => ({
      name,
      before: before && name in before ? shown(before[name]) : null,
      after: after && name in after ? shown(after[name]) : null,
    }))
    .filter(({ name, ...change }) => name !== USER_AGENT && change.before !== change.after);
}

/** Returns a value of the log as people read it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'Empty';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'Empty' : value.map(shown).join(', ');
  return (
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => `${name} ${shown(each)}`)
      .join(', ') || 'Empty'
  );
}
