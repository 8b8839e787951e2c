/** What the page of one opportunity asks for and changes. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, ApiProblem, type Schema } from '@/lib/api';

export type Opportunity = Schema['OpportunityDetail'];
export type PhaseLine = Schema['PhaseLine'];
export type MilestoneLine = Schema['MilestoneLine'];
type MilestoneDay = Schema['MilestoneDay'];
export type Blocker = Schema['Blocker'];
export type Comment = Schema['Comment'];

const keyOf = (id: string) => ['opportunities', 'one', id] as const;

export const opportunityQuery = (id: string) =>
  queryOptions({
    queryKey: keyOf(id),
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/o2r/opportunities/{deal_id}', {
          params: { path: { deal_id: id } },
          signal,
        }),
      ),
    meta: { topics: ['records', 'settings', 'schema', 'connection', 'o2r'] },
  });

/** Returns whether an error says that there is no such deal: an unknown id, or no id at all. */
export const isUnknown = (error: Error | null): boolean =>
  error instanceof ApiProblem && (error.status === 404 || error.status === 422);

/** Every change is seen in the list as well. */
function useChange<Asked, Answer>(run: (asked: Asked) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () => queries.invalidateQueries({ queryKey: ['opportunities'] }),
  });
}

export type MilestoneAsked = Partial<MilestoneDay> & { milestone: string };

export const useSetMilestone = (id: string) =>
  useChange(({ milestone, ...days }: MilestoneAsked) =>
    answered(
      api.PUT('/api/o2r/opportunities/{deal_id}/milestones/{milestone}', {
        params: { path: { deal_id: id, milestone } },
        body: days,
      }),
    ),
  );

export const useSetStrategic = (id: string) =>
  useChange((isStrategic: boolean) =>
    answered(
      api.PUT('/api/o2r/opportunities/{deal_id}/strategic', {
        params: { path: { deal_id: id } },
        body: { is_strategic: isStrategic },
      }),
    ),
  );

export const useAddComment = (id: string) =>
  useChange((text: string) =>
    answered(
      api.POST('/api/o2r/opportunities/{deal_id}/comments', {
        params: { path: { deal_id: id } },
        body: { text },
      }),
    ),
  );

export const useChangeComment = () =>
  useChange((asked: { id: string; text: string } | { id: string; isDeleted: boolean }) => {
    const params = { path: { comment_id: asked.id } };
    if ('text' in asked) {
      return answered(
        api.PATCH('/api/o2r/comments/{comment_id}', { params, body: { text: asked.text } }),
      );
    }
    return asked.isDeleted
      ? answered(api.DELETE('/api/o2r/comments/{comment_id}', { params }))
      : answered(api.POST('/api/o2r/comments/{comment_id}/restore', { params }));
  });

export const useOpenBlocker = (id: string) =>
  useChange((title: string) =>
    answered(
      api.POST('/api/o2r/opportunities/{deal_id}/blockers', {
        params: { path: { deal_id: id } },
        body: { title },
      }),
    ),
  );

type BlockerAsked =
  | { id: string; does: 'resolve'; resolution: string | null }
  | { id: string; does: 'reopen' | 'withdraw' };

export const useChangeBlocker = () =>
  useChange((asked: BlockerAsked) => {
    const params = { path: { blocker_id: asked.id } };
    switch (asked.does) {
      case 'resolve':
        return answered(
          api.POST('/api/o2r/blockers/{blocker_id}/resolve', {
            params,
            body: { resolution: asked.resolution },
          }),
        );
      case 'reopen':
        return answered(api.POST('/api/o2r/blockers/{blocker_id}/reopen', { params }));
      case 'withdraw':
        return answered(api.DELETE('/api/o2r/blockers/{blocker_id}', { params }));
    }
  });
