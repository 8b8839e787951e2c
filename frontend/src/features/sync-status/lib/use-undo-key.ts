/** Ctrl+Z: what was sent last while its toast stands, else the last decision. */
import { useEffect, useRef } from 'react';

/** As long as a toast stands. */
const OFFERED_MS = 5_000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input:not([type="checkbox"]), textarea, [role="dialog"]') !== null;

export function useUndoKey(otherwise: () => boolean) {
  const offered = useRef<{ undo: () => void; until: number } | null>(null);
  const latest = useRef(otherwise);
  useEffect(() => {
    latest.current = otherwise;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (!isUndo || isTyping(event.target)) return;
      const sent = offered.current;
      offered.current = null;
      if (sent && Date.now() < sent.until) {
        event.preventDefault();
        sent.undo();
      } else if (latest.current()) {
        event.preventDefault();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, []);
  return {
    offer: (undo: (() => void) | undefined): void => {
      offered.current = undo ? { undo, until: Date.now() + OFFERED_MS } : null;
    },
  };
}
