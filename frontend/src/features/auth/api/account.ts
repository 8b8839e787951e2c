/** One's own account: log-in, password, and where one is logged in. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { meQuery } from '@/lib/queries/session';

export type Credentials = Schema['Credentials'];
export type OwnSession = Schema['OwnSession'];

export function useLogIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Credentials) => answered(api.POST('/api/auth/login', { body: given })),
    onSuccess: (me) => {
      // What was asked before, as a stranger or by another person, is not this person's.
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
}

export const ownSessionsQuery = queryOptions({
  queryKey: ['session', 'own'],
  queryFn: async ({ signal }) => (await answered(api.GET('/api/auth/sessions', { signal }))).items,
  meta: { topics: ['access'] },
});

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Schema['PasswordChange']) =>
      answered(api.POST('/api/auth/password', { body: change })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session'] }),
  });
}

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(api.DELETE('/api/auth/sessions/{login_id}', { params: { path: { login_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  });
}

export function useEndOtherSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.DELETE('/api/auth/sessions')),
    onSettled: () => queries.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  });
}
