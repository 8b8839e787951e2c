/** Rates as the CRM keeps them: their history, reading them now, and what everything is summed in. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { counted } from '@/lib/format';
import { tell, tellError } from '@/lib/toast';

export type CurrencyRates = Schema['CurrencyRates'];
export type CurrencyRate = Schema['CurrencyRate'];

export const ratesQuery = queryOptions({
  queryKey: ['currency', 'rates'],
  queryFn: ({ signal }) => answered(api.GET('/api/currency/rates', { signal })),
  meta: { topics: ['connection', 'settings', 'records'] },
});

/** How old rates may be before they are told to be stale; the server has the same. */
export const FRESH_FOR_DAYS = 7;

export function useRefreshRates() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST('/api/currency/refresh')),
    onSuccess: ({ message, credits }) => {
      tell(`${message} ${counted(credits, 'credit')}.`);
    },
    onError: (error) => {
      tellError(error, 'The rates could not be read');
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['currency'] }),
  });
}

/** Changes what all pages sum in; whatever shows money is asked again. */
export function useChangeBase() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (base: string) =>
      answered(api.PUT('/api/settings', { body: { changes: { 'currency.base': base } } })),
    onSuccess: (_, base) => {
      tell(`All pages sum in ${base} now.`);
    },
    onError: (error) => {
      tellError(error, 'The base currency was not changed');
    },
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ meta }) => meta?.topics?.includes('settings') ?? false,
      }),
  });
}
