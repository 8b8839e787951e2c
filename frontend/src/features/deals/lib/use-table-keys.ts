/** Moving through the table by keys: the cursor is a row, and the row has the focus. */
import type { KeyboardEvent } from 'react';
import { type Shortcut, useShortcuts } from '@/lib/keys';

type TableKeys = {
  count: number;
  cursor: number | null;
  moveTo: (index: number) => void;
  toggle: () => void;
  toggleToHere: () => void;
  open: () => void;
  clear: () => void;
};

const PAGE_STEP = 20;

/** Registers the keys and returns what the table itself listens to while a row has the focus. */
export function useTableKeys(keys: TableKeys): (event: KeyboardEvent) => void {
  const { count, cursor, moveTo } = keys;
  const step = (by: number) => (): void => {
    if (count === 0) return;
    moveTo(Math.min(Math.max(cursor === null ? 0 : cursor + by, 0), count - 1));
  };
  const letters: Shortcut[] = [
    { keys: 'j', does: 'Next row', run: step(1) },
    { keys: 'k', does: 'Row before', run: step(-1) },
    { keys: 'x', does: 'Select the row', run: keys.toggle },
    { keys: 'Shift+X', does: 'Select to here', run: keys.toggleToHere },
  ];
  useShortcuts(letters);
  return (event) => {
    const isRow = event.target instanceof HTMLElement && event.target.role === 'row';
    const run: Record<string, () => void> = {
      ArrowDown: step(1),
      ArrowUp: step(-1),
      PageDown: step(PAGE_STEP),
      PageUp: step(-PAGE_STEP),
      Home: step(-Infinity),
      End: step(Infinity),
      Escape: keys.clear,
      ...(isRow && { Enter: keys.open, ' ': keys.toggle }),
    };
    const found = run[event.key];
    if (found === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    found();
  };
}
