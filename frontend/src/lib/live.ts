/**
 * The event stream: what changed on the server makes the queries that depend on it old.
 *
 * An event carries no values (`topic`, id), so losing one costs nothing: after each reconnection all
 * that is live is asked again. While the stream is away, the same queries are polled.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Topic } from './query';

const ADDRESS = '/api/live-sync/events';
const TOPICS: readonly Topic[] = [
  'session',
  'records',
  'settings',
  'schema',
  'connection',
  'access',
  'notices',
  'alerts',
  'exports',
  'o2r',
];
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
const POLL_MS = 5_000;
/** One change often sends several events: they are answered together. */
const TOGETHER_MS = 250;
/** Events of a busy run come many a second; a query is asked again at most this often. */
const APART_MS = 1_000;

/** `retryAt` is a moment of `Date.now()`; null while the stream is open or being opened. */
export type LiveState = { isLive: boolean; retryAt: number | null };

export class LiveStream {
  private state: LiveState = { isLive: false, retryAt: null };
  private readonly listeners = new Set<() => void>();
  private source: EventSource | undefined;
  private wait = FIRST_WAIT_MS;
  private retry: number | undefined;
  private poll: number | undefined;
  private readonly waiting = new Set<Topic>();
  private flushing: number | undefined;
  private flushedAt = 0;

  constructor(private readonly queries: QueryClient) {}

  readonly snapshot = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly open = (): void => {
    this.source?.close();
    window.clearTimeout(this.retry);
    const source = new EventSource(ADDRESS);
    this.source = source;
    source.onopen = () => {
      this.wait = FIRST_WAIT_MS;
      window.clearInterval(this.poll);
      this.poll = undefined;
      // What happened while nobody listened is lost.
      this.everythingIsOld();
      this.tell({ isLive: true, retryAt: null });
    };
    source.onerror = () => {
      this.lost();
    };
    for (const topic of TOPICS) {
      source.addEventListener(topic, () => {
        this.isOld([topic]);
      });
    }
    source.addEventListener('refetch', () => {
      this.everythingIsOld();
    });
  };

  readonly close = (): void => {
    this.source?.close();
    this.source = undefined;
    window.clearTimeout(this.retry);
    window.clearInterval(this.poll);
    this.poll = undefined;
  };

  readonly everythingIsOld = (): void => {
    this.isOld(TOPICS);
  };

  private lost(): void {
    this.source?.close();
    this.source = undefined;
    const retryAt = Date.now() + this.wait;
    this.retry = window.setTimeout(this.open, this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    this.poll ??= window.setInterval(this.everythingIsOld, POLL_MS);
    this.tell({ isLive: false, retryAt });
  }

  private isOld(topics: readonly Topic[]): void {
    for (const topic of topics) this.waiting.add(topic);
    const wait = Math.max(TOGETHER_MS, this.flushedAt + APART_MS - Date.now());
    this.flushing ??= window.setTimeout(() => {
      this.flushedAt = Date.now();
      const due = new Set(this.waiting);
      this.waiting.clear();
      this.flushing = undefined;
      void this.queries.invalidateQueries({
        predicate: ({ meta }) => meta?.topics?.some((topic) => due.has(topic)) ?? false,
      });
    }, wait);
  }

  private tell(state: LiveState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
