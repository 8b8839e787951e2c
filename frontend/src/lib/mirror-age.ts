/** Whether what the mirror says is older than it should be, and how old in words. */
import { formatWhen } from './format';
import type { CurrentStatus } from './queries/sync-state';

/** Whether the figures are older than they should be. */
export const isOld = ({ condition }: CurrentStatus): boolean =>
  condition === 'failing' || condition === 'stale';

/** `as of 06:27`. */
export const asOf = (at: string, now: Date): string => `as of ${formatWhen(new Date(at), now)}`;
