/** The width of an element, for what is drawn to the pixel: known before the first paint. */
import { type RefCallback, useCallback, useState } from 'react';

export function useWidth(): { ref: RefCallback<Element>; width: number } {
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: Element) => {
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return { ref, width };
}
