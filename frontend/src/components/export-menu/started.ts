/**
 * Files that were asked for in this tab and are not saved yet. They outlive the page that asked: any
 * page with an export menu saves them when they are ready.
 */
import { useSyncExternalStore } from 'react';

let started: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function change(after: ReadonlySet<string>): void {
  started = after;
  for (const tell of listeners) tell();
}

export function remember(id: string): void {
  change(new Set([...started, id]));
}

/** Returns whether it was waited for; only the first to ask is told so. */
export function forget(id: string): boolean {
  if (!started.has(id)) return false;
  change(new Set([...started].filter((each) => each !== id)));
  return true;
}

export function useStarted(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => started,
  );
}
