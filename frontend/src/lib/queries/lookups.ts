/** Records that a field can point to, found by letters: asked wherever deals are edited. */
import { useDebouncedValue } from '@mantine/hooks';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, wordsOf } from '@/lib/api';
import type { FormField } from './deal-form';

const TYPED_MS = 150;

const lookupQuery = (field: string, typed: string) =>
  queryOptions({
    queryKey: ['deals', 'lookup', field, typed],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/deals/lookups/{field}', {
          params: { path: { field }, query: { q: typed } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });

type Found = { value: string; label: string };

/** Returns the record that a field points to; null where it is empty or points to none. */
export const heldRecord = ({ shown }: Pick<FormField, 'shown'>): Found | null =>
  shown?.kind === 'reference'
    ? { value: shown.record.id, label: shown.record.name ?? `No name, id ${shown.record.id}` }
    : null;

/**
 * Finds records by what is typed, for an input that points to one.
 *
 * `held` is the record that the field points to now; `isThere` says whether its records can be found
 * at all. Nothing is asked before the input is used.
 */
export function useLookup(field: string, isThere: boolean, held: Found | null) {
  const [typed, setTyped] = useState<string | null>(null);
  const [search] = useDebouncedValue(typed === held?.label ? '' : (typed?.trim() ?? ''), TYPED_MS);
  const found = useQuery({ ...lookupQuery(field, search), enabled: isThere && typed !== null });
  const options = (found.data?.items ?? []).map(({ value, label }): Found => ({ value, label }));
  return {
    found: options,
    chosen: held,
    isSearching: found.isFetching,
    failure: isThere
      ? found.isError
        ? wordsOf(found.error)
        : null
      : 'Its records cannot be searched here.',
    onSearch: setTyped,
    labelOf: (value: unknown): string | null =>
      options.find((option) => option.value === value)?.label ?? null,
  };
}
