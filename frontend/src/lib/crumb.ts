/** The last crumb of the header: a page that is about one thing says what it is. */
import { useEffect, useSyncExternalStore } from 'react';

let crumb: string | null = null;
const listeners = new Set<() => void>();

function set(next: string | null): void {
  crumb = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useCrumb(): string | null {
  return useSyncExternalStore(subscribe, () => crumb);
}

/** Names the page for as long as it is shown. */
export function useNameCrumb(name: string | undefined): void {
  useEffect(() => {
    set(name ?? null);
    return () => {
      set(null);
    };
  }, [name]);
}
