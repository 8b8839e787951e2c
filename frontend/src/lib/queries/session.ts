/** Who is logged in. */
import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type Me = Schema['Me'];
export type Role = Me['role'];

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

export const meQuery = queryOptions({
  queryKey: ['session', 'me'],
  queryFn: ({ signal }) => answered(api.GET('/api/auth/me', { signal })),
  meta: { topics: ['access', 'connection'] },
  staleTime: 60_000,
});

/** Returns who is logged in; only below the part of the app that asked for it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Returns whether the person's role allows what `role` may do. */
export function useMay(role: Role): boolean {
  return RANK[useMe().role] >= RANK[role];
}

export function useLogOut() {
  const queries = useQueryClient();
  return useMutation({
    // What is still on its way would be refused.
    onMutate: () => queries.cancelQueries(),
    mutationFn: () => answered(api.POST('/api/auth/logout')),
    // Nothing of this person's may be left for the next one; cleared any earlier, it would be asked
    // for again by what still shows it.
    onSuccess: () => {
      window.addEventListener(
        'pagehide',
        () => {
          queries.clear();
        },
        { once: true },
      );
      window.location.assign('/login');
    },
  });
}
