/**
 * Undo in place of a question: the toast that tells what happened can take it back, by its button or
 * by Ctrl+Z while it stands. One at a time: what was done last is what is undone.
 */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck } from '@tabler/icons-react';

const SHOWN_MS = 5_000;

let last: { id: string; undo: () => void } | undefined;

function take(id: string): void {
  if (last?.id !== id) return;
  const { undo } = last;
  last = undefined;
  notifications.hide(id);
  undo();
}

/** Tells that something happened, in the past tense, and how to take it back. */
export function tellUndoable(message: string, undo: () => void): void {
  if (last !== undefined) notifications.hide(last.id);
  const id = crypto.randomUUID();
  last = { id, undo };
  notifications.show({
    id,
    message: (
      <span>
        {message}{' '}
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            take(id);
          }}
        >
          Undo
        </Button>
      </span>
    ),
    icon: <IconCheck size={16} stroke={1.7} aria-hidden />,
    color: 'ink',
    autoClose: SHOWN_MS,
    onClose: () => {
      if (last?.id === id) last = undefined;
    },
  });
}

/** A field that is being typed in has an undo of its own. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select') !== null);

/** Undoes on Ctrl+Z what the standing toast tells. */
export function onUndoKey(event: KeyboardEvent): void {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === 'z';
  if (!isUndo || event.defaultPrevented || last === undefined || isTyping(event.target)) return;
  event.preventDefault();
  take(last.id);
}
