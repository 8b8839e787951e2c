/** Where the table was scrolled to, kept for the way back from a deal, and left when the list changes. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';

const KEY = 'pulse-deals-place';

type Place = { at: string; search: string; top: number };

function kept(): Place | null {
  const text = sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Place);
}

/** Returns where to begin; afterwards another list begins at its top. */
export function useScrollPlace(scroller: RefObject<HTMLElement | null>, search: string): number {
  const { key } = useLocation();
  const [begin] = useState(() => {
    const place = kept();
    return place?.at === key && place.search === search ? place.top : 0;
  });
  const last = useRef(search);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const keep = (): void => {
      const place: Place = { at: key, search, top: box.scrollTop };
      sessionStorage.setItem(KEY, JSON.stringify(place));
    };
    box.addEventListener('scrollend', keep);
    return () => {
      keep();
      box.removeEventListener('scrollend', keep);
    };
  }, [scroller, key, search]);
  useEffect(() => {
    if (last.current === search) return;
    last.current = search;
    scroller.current?.scrollTo({ top: 0 });
  }, [scroller, search]);
  return begin;
}
