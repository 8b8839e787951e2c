/** API tokens, for admins. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type Token = Schema['Token'];

export const TOKENS_A_PAGE = 100;

export const tokensQuery = (page: number) =>
  queryOptions({
    queryKey: ['admin', 'tokens', page],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/tokens', {
          params: { query: { limit: TOKENS_A_PAGE, offset: (page - 1) * TOKENS_A_PAGE } },
          signal,
        }),
      ),
    meta: { topics: ['access'] },
  });

export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema['NewToken']) => answered(api.POST('/api/tokens', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
}

export function useEndToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE('/api/tokens/{token_id}', { params: { path: { token_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
}
