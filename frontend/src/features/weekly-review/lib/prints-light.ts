/** Paper is white: while a page is printed, it wears the light scheme. */
import { useEffect } from 'react';

const SCHEME = 'data-mantine-color-scheme';

export function usePrintsLight(): void {
  useEffect(() => {
    const root = document.documentElement;
    let worn: string | null = null;
    const before = (): void => {
      worn = root.getAttribute(SCHEME);
      root.setAttribute(SCHEME, 'light');
    };
    const after = (): void => {
      if (worn !== null) root.setAttribute(SCHEME, worn);
      worn = null;
    };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
      after();
    };
  }, []);
}
