/** The present moment for pages: one clock for all ages on screen, ticking once a second. */
import { useSyncExternalStore } from 'react';

let now = Date.now();
let timer: number | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const tick of listeners) tick();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

const everySecond = (): number => Math.floor(now / 1_000) * 1_000;
const everyMinute = (): number => Math.floor(now / 60_000) * 60_000;

/** Returns the moment, renewed each second, or each minute where seconds are not shown. */
export function useNow(step: 'second' | 'minute' = 'second'): Date {
  return new Date(useSyncExternalStore(subscribe, step === 'second' ? everySecond : everyMinute));
}
