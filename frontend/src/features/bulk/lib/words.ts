/** The sentences of Bulk Operations. Pure: what is known goes in, words come out. */
import {
  IconArrowUp,
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconEqual,
  IconHandStop,
} from '@tabler/icons-react';
import type { State } from '@/components/status/vocabulary';
import { counted, formatWhole } from '@/lib/format';
import { valueText } from '@/lib/value-text';
import type { BulkSession, ItemState, Preview, ShownChange } from '../api/bulk';

/** Where a deal of an operation stands. */
export const ITEM_STATES: Record<ItemState, State> = {
  waiting: { icon: IconClock, hue: null, word: 'Not written', sentence: 'Not sent to the CRM' },
  sent: { icon: IconArrowUp, hue: 'blue', word: 'On its way', sentence: 'Sent, not answered yet' },
  done: { icon: IconCheck, hue: null, word: 'Changed', sentence: 'The CRM has taken the values' },
  unchanged: {
    icon: IconEqual,
    hue: null,
    word: 'Unchanged',
    sentence: 'It had these values already and was not written',
  },
  failed: { icon: IconAlertTriangle, hue: 'red', word: 'Failed', sentence: 'It was not changed' },
  left_alone: {
    icon: IconHandStop,
    hue: 'amber',
    word: 'Left alone',
    sentence: 'Not written, because somebody’s work stands there',
  },
};

export const ITEM_ORDER: readonly ItemState[] = [
  'done',
  'failed',
  'left_alone',
  'unchanged',
  'sent',
  'waiting',
];

const KINDS: Readonly<Record<string, string>> = {
  small_batch: 'Small batch',
  mass_update: 'Mass update',
  bulk_write: 'Bulk write',
  undo: 'Undo',
};

export const kindOf = ({ operation_type: type }: Pick<BulkSession, 'operation_type'>): string =>
  KINDS[type] ?? type;

/** `Stage`, `Stage and Owner`, `3 fields`. */
export function namesOf(labels: readonly string[]): string {
  const [one = '', other] = labels;
  if (labels.length > 2) return `${formatWhole(labels.length)} fields`;
  return other === undefined ? one : `${one} and ${other}`;
}

/** `Stage becomes Negotiation. Next Step is emptied.` */
export function becoming(changes: readonly Pick<ShownChange, 'label' | 'after'>[], now: Date) {
  return changes
    .map(({ label, after }) =>
      after === null ? `${label} is emptied.` : `${label} becomes ${valueText(after, now)}.`,
    )
    .join(' ');
}

/** Why not all chosen deals change, in one sentence each; empty if all do. */
export function exceptions(preview: Preview): string[] {
  const { unchanged, left_alone: left, will_fail: fail } = preview;
  return [
    unchanged > 0 && `${formatWhole(unchanged)} ${has(unchanged)} these values already.`,
    left > 0 &&
      `${formatWhole(left)} ${left === 1 ? 'is' : 'are'} left alone: somebody’s edit waits there.`,
    fail > 0 && `${formatWhole(fail)} cannot take ${fail === 1 ? 'its' : 'their'} values.`,
  ].filter((sentence) => sentence !== false);
}

const has = (count: number): string => (count === 1 ? 'has' : 'have');

/** What an operation came to: `4,776 deals changed, 20 failed, 12 left alone.` */
export function outcome({ counts, status }: Pick<BulkSession, 'counts' | 'status'>): string {
  const parts = [
    `${counted(counts.done, 'deal')} changed`,
    counts.failed > 0 && `${formatWhole(counts.failed)} failed`,
    counts.left_alone > 0 && `${formatWhole(counts.left_alone)} left alone`,
    counts.unchanged > 0 && `${formatWhole(counts.unchanged)} had these values already`,
    counts.waiting > 0 &&
      status !== 'pending' &&
      status !== 'in_progress' &&
      `${formatWhole(counts.waiting)} not written`,
  ].filter((part) => part !== false);
  return `${parts.join(', ')}.`;
}

const FILTER = 'filter: ';

/** How the deals of an operation were chosen; `search` opens them in the table, where it can. */
export function chosenBy(choice: string): { words: string; search: string | null } {
  if (choice === `${FILTER}all deals`) return { words: 'all deals', search: '' };
  if (choice.startsWith(FILTER)) {
    return { words: 'by a filter', search: choice.slice(FILTER.length) };
  }
  if (choice.startsWith('custom view')) return { words: 'by a view of the CRM', search: null };
  if (choice.startsWith('undo of')) return { words: 'those of the operation', search: null };
  const byId = / by id$/.exec(choice);
  return { words: byId ? 'by ID' : 'each with values of its own', search: null };
}
