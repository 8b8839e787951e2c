/** The records that a reference can point to, found by what is typed. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { InputValue, Lookup, Option } from '@/components/field-inputs/field';
import { wordsOf } from '@/lib/api';
import { lookupQuery } from '../api/edit';

const TYPED_MS = 150;

/** `chosen` is the record that the field points to now; `isThere` whether the mirror has a list. */
export function useLookup(
  field: string,
  isThere: boolean,
  chosen: Option | null,
): { of: Lookup | undefined; optionOf: (value: InputValue) => Option | null } {
  const [typed, setTyped] = useState('');
  // The name of the present record stands in the input at first: it is no search.
  const [search] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), TYPED_MS);
  const found = useQuery({ ...lookupQuery(field, search), enabled: isThere });
  const options = (found.data?.items ?? []).map(({ value, label }) => ({ value, label }));
  return {
    of: isThere
      ? {
          found: options,
          chosen,
          isSearching: found.isFetching,
          failure: found.isError ? wordsOf(found.error) : null,
          onSearch: setTyped,
        }
      : undefined,
    optionOf: (value) => options.find((option) => option.value === value) ?? null,
  };
}
