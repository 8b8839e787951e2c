/**
 * Keyboard shortcuts: single keys and two-key sequences (`g d`). A page registers its own while it is
 * shown; all of them stand in the list that `?` opens. Nothing fires while a field has the focus,
 * and single letters can be switched off (WCAG 2.1.4).
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export type Shortcut = { keys: string; does: string; run: () => void };

const SEQUENCE_MS = 1_000;
const OFF = 'pulse-keys-off';

let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
let first: { key: string; at: number } | undefined;

function changed(next: readonly Shortcut[]): void {
  shortcuts = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const areKeysOn = (): boolean => localStorage.getItem(OFF) === null;

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, '1');
  changed([...shortcuts]);
}

/** Returns all shortcuts of the page that is shown, for the list of keys. */
export function useShortcutList(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => shortcuts);
}

/** Registers shortcuts for as long as the component is shown; later ones win. */
export function useShortcuts(own: readonly Shortcut[]): void {
  const latest = useRef(own);
  useEffect(() => {
    latest.current = own;
  });
  const names = own.map(({ keys, does }) => `${keys}\n${does}`).join('\n\n');
  useEffect(() => {
    const registered = latest.current.map(({ keys, does }, index) => ({
      keys,
      does,
      run: () => latest.current[index]?.run(),
    }));
    changed([...shortcuts, ...registered]);
    return () => {
      changed(shortcuts.filter((shortcut) => !registered.includes(shortcut)));
    };
  }, [names]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="dialog"]') !== null)
  );
}

/** Runs the shortcut that an event completes. */
export function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || !areKeysOn()) return;
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key : event.key;
  const pressed =
    key.length === 1 && event.shiftKey && /[a-z]/i.test(key) ? `Shift+${key.toUpperCase()}` : key;
  const isSequence = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS;
  const wanted = isSequence && first ? `${first.key} ${pressed.toLowerCase()}` : pressed;
  const found = shortcuts.findLast(({ keys }) => keys === wanted);
  first = undefined;
  if (found) {
    event.preventDefault();
    found.run();
  } else if (!isSequence && shortcuts.some(({ keys }) => keys.startsWith(`${pressed} `))) {
    first = { key: pressed, at: event.timeStamp };
  }
}
