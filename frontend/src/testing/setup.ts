import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { server } from './server';

// The browser APIs that Mantine asks for and the test's document has not.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {
      /* sizes never change in the test's document */
    }
    unobserve(): void {
      /* as above */
    }
    disconnect(): void {
      /* as above */
    }
  },
);
Object.defineProperty(document, 'fonts', { value: new EventTarget() });
Element.prototype.scrollIntoView = () => undefined;

// A busy machine is no fault of a page: waiting longer costs nothing when all is well.
configure({ asyncUtilTimeout: 8_000 });

beforeAll(() => {
  // A request that a test did not foresee is a fault of the test or of the page.
  server.listen({ onUnhandledRequest: 'error' });
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});
