/** The cache of what the server said. Queries name the events that make them old in `meta.topics`. */
import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api';

/** What the event stream announces; see `GET /api/live-sync/events`. */
export type Topic =
  | 'session'
  | 'records'
  | 'settings'
  | 'schema'
  | 'connection'
  | 'access'
  | 'notices'
  | 'alerts'
  | 'exports'
  | 'o2r';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Error;
    queryMeta: { topics?: readonly Topic[] };
  }
}

/** How long a failed panel waits before it asks again by itself. */
export const RETRY_MS = 8_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A failed read is shown at once, with its countdown; `refetchInterval` repeats it.
        retry: false,
        refetchInterval: (query) =>
          query.state.status === 'error' && isPassing(query.state.error) ? RETRY_MS : false,
        // Loopback and intranets are "offline" to some browsers.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Returns whether an error may pass by itself; a refusal stays what it is. */
export function isPassing(error: Error | null): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 || error.status === 429;
  return error !== null;
}
