import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveStream } from './live';
import type { Topic } from './query';

/** The browser's event stream, as far as a test moves it by hand. */
class Stream extends EventTarget {
  static opened: Stream[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;

  constructor(readonly address: string) {
    super();
    Stream.opened.push(this);
  }

  close(): void {
    this.isClosed = true;
  }
}

const asked = { session: vi.fn(), records: vi.fn() };
let queries: QueryClient;
let live: LiveStream;

function watch(topic: keyof typeof asked): void {
  const topics: readonly Topic[] = [topic];
  new QueryObserver(queries, {
    queryKey: [topic],
    queryFn: () => {
      asked[topic]();
      return Promise.resolve(topic);
    },
    meta: { topics },
    networkMode: 'always',
  }).subscribe(() => undefined);
}

const stream = (): Stream => {
  const newest = Stream.opened.at(-1);
  if (!newest) throw new Error('no stream was opened');
  return newest;
};
const counts = (): [number, number] => [
  asked.session.mock.calls.length,
  asked.records.mock.calls.length,
];

beforeEach(async () => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  Stream.opened = [];
  vi.stubGlobal('EventSource', Stream);
  queries = new QueryClient();
  live = new LiveStream(queries);
  watch('session');
  watch('records');
  live.open();
  await vi.advanceTimersByTimeAsync(0);
  stream().onopen?.();
  await vi.advanceTimersByTimeAsync(2_000);
  vi.clearAllMocks();
});
afterEach(() => {
  live.close();
  queries.clear();
  vi.useRealTimers();
});

test('an event makes exactly the queries of its topic old', async () => {
  stream().dispatchEvent(new Event('records'));
  await vi.advanceTimersByTimeAsync(500);
  expect(counts()).toEqual([0, 1]);
});

test('many events at once ask once', async () => {
  for (let event = 0; event < 50; event += 1) stream().dispatchEvent(new Event('session'));
  await vi.advanceTimersByTimeAsync(500);
  expect(counts()).toEqual([1, 0]);
});

test('a run that sends events all the time has its queries asked again once a second', async () => {
  for (let tenth = 0; tenth < 50; tenth += 1) {
    stream().dispatchEvent(new Event('session'));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(counts()).toEqual([5, 0]);
});

test('after "refetch" everything that is live is asked again', async () => {
  stream().dispatchEvent(new Event('refetch'));
  await vi.advanceTimersByTimeAsync(500);
  expect(counts()).toEqual([1, 1]);
});

test('while the stream is away the same queries are polled, and its return ends that', async () => {
  stream().onerror?.();
  expect(live.snapshot()).toEqual({ isLive: false, retryAt: Date.now() + 1_000 });
  // Tries after 1, 2 and 4 s fail as well.
  for (const wait of [1_000, 2_000, 4_000]) {
    await vi.advanceTimersByTimeAsync(wait);
    stream().onerror?.();
  }
  expect(Stream.opened).toHaveLength(4);
  expect(counts()).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(8_000);
  stream().onopen?.();
  expect(live.snapshot()).toEqual({ isLive: true, retryAt: null });
  await vi.advanceTimersByTimeAsync(500);
  const [session] = counts();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counts()[0]).toBe(session);
});

test('closing ends the stream and every further try', async () => {
  stream().onerror?.();
  live.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Stream.opened).toHaveLength(1);
  expect(counts()).toEqual([0, 0]);
});
