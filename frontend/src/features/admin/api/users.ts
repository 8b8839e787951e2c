/** Users, for admins. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type User = Schema['User'];
export type NewUser = Schema['NewUser'];
export type UserPatch = Schema['UserPatch'];
export type TemporaryPassword = Schema['TemporaryPassword'];

export const USERS_A_PAGE = 100;

export const usersQuery = (page: number) =>
  queryOptions({
    queryKey: ['admin', 'users', page],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/users', {
          params: { query: { limit: USERS_A_PAGE, offset: (page - 1) * USERS_A_PAGE } },
          signal,
        }),
      ),
    meta: { topics: ['access'] },
  });

function useUserMutation<Given, Said>(mutationFn: (given: Given) => Promise<Said>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    // Each change is a line of the log, too. Of the own account an event tells.
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
}

const at = (id: string) => ({ params: { path: { user_id: id } } });

export const useAddUser = () =>
  useUserMutation((body: NewUser) => answered(api.POST('/api/users', { body })));

export const useChangeUser = () =>
  useUserMutation(({ id, ...body }: Partial<UserPatch> & { id: string }) =>
    answered(
      api.PATCH('/api/users/{user_id}', {
        ...at(id),
        body: { name: null, role: null, is_active: null, ...body },
      }),
    ),
  );

export const useRemoveUser = () =>
  useUserMutation((id: string) => answered(api.DELETE('/api/users/{user_id}', at(id))));

export const useResetPassword = () =>
  useUserMutation((id: string) => answered(api.POST('/api/users/{user_id}/password', at(id))));

export const useUnlockUser = () =>
  useUserMutation((id: string) => answered(api.POST('/api/users/{user_id}/unlock', at(id))));
