/** The runs of the last hours: asked by the header and several pages, so it lives here. */
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '@/lib/api';

/** More than any strip has room for: the strip thins further, to its own pixels. */
const BARS = 400;

export const pulseQuery = (hours = 24) =>
  queryOptions({
    queryKey: ['sync-status', 'pulse', hours],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/sync-status/pulse', { params: { query: { hours, bars: BARS } }, signal }),
      ),
    meta: { topics: ['session'] },
    // Time passes without an event: old runs leave at the left.
    refetchInterval: 60_000,
  });
