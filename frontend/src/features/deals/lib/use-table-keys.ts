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
  /** Moves the focus to the cell so many columns on; before the first one it is the row's. */
  moveCell: (by: number) => void;
  edit: () => void;
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
    { keys: 'e', does: 'Edit the cell', run: keys.edit },
  ];
  useShortcuts(letters);
  return (event) => {
    const role = event.target instanceof HTMLElement ? event.target.role : null;
    const isRow = role === 'row';
    const isCell = role === 'gridcell';
    const run: Record<string, () => void> = {
      ArrowDown: step(1),
      ArrowUp: step(-1),
      PageDown: step(PAGE_STEP),
      PageUp: step(-PAGE_STEP),
      Home: step(-Infinity),
      End: step(Infinity),
      Escape: keys.clear,
      ...(isRow && { Enter: keys.open, ' ': keys.toggle }),
      ...(isCell && { Enter: keys.edit, ' ': keys.toggle }),
      ...((isRow || isCell) && {
        ArrowRight: () => {
          keys.moveCell(1);
        },
        ArrowLeft: () => {
          keys.moveCell(-1);
        },
      }),
    };
    const found = run[event.key];
    if (found === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    found();
  };
}
