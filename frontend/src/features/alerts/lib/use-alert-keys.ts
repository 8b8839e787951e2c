/** Moving through the alerts by keys: the cursor is a row, and the row has the focus. */
import type { KeyboardEvent } from 'react';
import { useShortcuts } from '@/lib/keys';

type AlertKeys = {
  count: number;
  cursor: number | null;
  moveTo: (index: number) => void;
  open: () => void;
  clear: () => void;
  /** Missing where the role may not acknowledge. */
  toggle: (() => void) | undefined;
  acknowledge: (() => void) | undefined;
  acknowledges: string;
};

/** Registers the keys and returns what the table itself listens to while a row has the focus. */
export function useAlertKeys(keys: AlertKeys): (event: KeyboardEvent) => void {
  const { count, cursor, moveTo, toggle, acknowledge } = keys;
  const step = (by: number) => (): void => {
    if (count === 0) return;
    moveTo(Math.min(Math.max(cursor === null ? 0 : cursor + by, 0), count - 1));
  };
  useShortcuts([
    { keys: 'j', does: 'Next row', run: step(1) },
    { keys: 'k', does: 'Row before', run: step(-1) },
    ...(toggle === undefined ? [] : [{ keys: 'x', does: 'Select the row', run: toggle }]),
    ...(acknowledge === undefined
      ? []
      : [{ keys: 'a', does: keys.acknowledges, run: acknowledge }]),
  ]);
  return (event) => {
    const isRow = event.target instanceof HTMLElement && event.target.role === 'row';
    const run: Record<string, (() => void) | undefined> = {
      ArrowDown: step(1),
      ArrowUp: step(-1),
      Home: step(-Infinity),
      End: step(Infinity),
      Escape: keys.clear,
      ...(isRow && { Enter: keys.open, ' ': toggle }),
    };
    const found = run[event.key];
    if (found === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    found();
  };
}
