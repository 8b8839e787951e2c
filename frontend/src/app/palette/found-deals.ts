/** Deals that the server finds for what was typed, while it is typed. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api } from '@/lib/api';
import type { Mode } from './entries';

const SHORTEST = 2;

/** What to ask the server for, or nothing: too short to mean anything, or not about deals. */
export function askFor(mode: Mode, words: string): string | null {
  if (mode === 'actions') return null;
  if (mode === 'deal') return words === '' ? null : `#${words}`;
  return words.length < SHORTEST ? null : words;
}

export const foundDealsQuery = (asked: string | null) =>
  queryOptions({
    queryKey: ['deals', 'search', asked],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/deals/search', { params: { query: { q: asked ?? '' } }, signal })),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
