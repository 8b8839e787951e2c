import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveProvider } from './live';

let open = 0;

class Stream extends EventTarget {
  constructor() {
    super();
    open += 1;
  }
  close(): void {
    open -= 1;
  }
}

function see(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  act(() => {
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

beforeEach(() => {
  open = 0;
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Stream);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a tab that nobody looks at gives its connection back, and takes one when it is seen', () => {
  const { unmount } = render(
    <QueryClientProvider client={new QueryClient()}>
      <LiveProvider>page</LiveProvider>
    </QueryClientProvider>,
  );
  expect(open).toBe(1);
  see('hidden');
  vi.advanceTimersByTime(29_999);
  expect(open).toBe(1);
  see('visible');
  see('hidden');
  vi.advanceTimersByTime(30_000);
  expect(open).toBe(0);
  see('visible');
  expect(open).toBe(1);
  unmount();
  expect(open).toBe(0);
});
