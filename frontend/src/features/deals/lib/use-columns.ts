/** The chosen columns: in the address, so that a link shows the same; else as this person left them. */
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useMe } from '@/lib/queries/session';
import { type ColumnLine, dealsColumns } from '@/lib/queries/deals';
import { chosenColumns, FIRST_COLUMNS } from './columns';

export type Columns = {
  /** All that there are; empty until they are known. */
  all: readonly ColumnLine[];
  shown: readonly ColumnLine[];
  isFirstChoice: boolean;
  /** null goes back to the first choice. */
  choose: (keys: readonly string[] | null) => void;
  today: string | undefined;
  base: string | undefined;
};

export function useColumns(): Columns {
  const { data } = useQuery(dealsColumns);
  const [params, setParams] = useSearchParams();
  const [remembered, remember] = useLocalStorage<string[] | null>({
    key: `pulse-deals-columns:${useMe().email}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const inAddress = params.get('columns');
  const all = data?.columns;
  const shown = useMemo(
    () => chosenColumns(all ?? FIRST_COLUMNS, inAddress ? inAddress.split(',') : remembered),
    [all, inAddress, remembered],
  );
  return {
    all: all ?? [],
    shown,
    isFirstChoice: inAddress === null && remembered === null,
    choose: (keys) => {
      remember(keys === null ? null : [...keys]);
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (keys === null) after.delete('columns');
          else after.set('columns', keys.join(','));
          return after;
        },
        { replace: true },
      );
    },
    today: data?.today,
    base: data?.base_currency,
  };
}
