/** Lets an element reach down to the end of the window, above what lies at its bottom. */
import { type RefObject, useEffect, useRef, useState } from 'react';

const PHONE_BAR_PX = 58;
const PHONE = '(max-width: 37.49em)';
const LEAST_PX = 320;

/** Returns what to put on the element: its ref, and its height once it has been measured. */
export function useFill(): [RefObject<HTMLDivElement | null>, number | undefined] {
  const element = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number>();
  useEffect(() => {
    const fit = (): void => {
      const top = (element.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      const below = window.matchMedia(PHONE).matches ? PHONE_BAR_PX : 0;
      setHeight(Math.max(LEAST_PX, Math.floor(window.innerHeight - top - below)));
    };
    // It reports at once, and whenever what stands above grows: a note, a second line of filters.
    const around = new ResizeObserver(fit);
    for (const sibling of element.current?.parentElement?.children ?? []) {
      if (sibling !== element.current) around.observe(sibling);
    }
    const page = element.current?.closest('main');
    if (page) around.observe(page);
    window.addEventListener('resize', fit);
    return () => {
      around.disconnect();
      window.removeEventListener('resize', fit);
    };
  }, []);
  return [element, height];
}
