/** Action items: what is to be done, by whom and until when; on a deal and in the weekly review. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type ActionItem = Schema['ActionItem'];
type NewAction = Schema['NewAction'];
type ActionChange = Schema['ActionChange'];

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => answered(api.GET('/api/o2r/people', { signal })),
  meta: { topics: ['access'] },
});

/** Every change is seen on the deal, in the list and in the review. */
function useChange<Asked, Answer>(run: (asked: Asked) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['opportunities'] }),
        queries.invalidateQueries({ queryKey: ['review'] }),
      ]),
  });
}

export const useAddAction = () =>
  useChange((wanted: NewAction) => answered(api.POST('/api/o2r/actions', { body: wanted })));

export const useChangeAction = () =>
  useChange(({ id, ...change }: ActionChange & { id: string }) =>
    answered(
      api.PATCH('/api/o2r/actions/{action_id}', {
        params: { path: { action_id: id } },
        body: change,
      }),
    ),
  );

export const useDeleteAction = () =>
  useChange(({ id, isDeleted }: { id: string; isDeleted: boolean }) => {
    const params = { path: { action_id: id } };
    return isDeleted
      ? answered(api.DELETE('/api/o2r/actions/{action_id}', { params }))
      : answered(api.POST('/api/o2r/actions/{action_id}/restore', { params }));
  });
