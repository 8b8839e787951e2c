/** Whether the parts that the product stands on are there. */
import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type Readiness = Schema['Readiness'];

const ASK_AGAIN_MS = 15_000;
const ASK_SOON_MS = 4_000;

export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: async ({ signal }): Promise<Readiness> => {
    const answer = await api.GET('/health/ready', { signal });
    // 503 carries the same report, unless it is a proxy's: which part is missing is what is asked.
    const { error } = answer;
    if (typeof error === 'object' && 'ready' in error) return error as Readiness;
    return answered(Promise.resolve(answer));
  },
  // No event tells of these: without the database there are none.
  refetchInterval: ({ state }) => (state.data?.ready === false ? ASK_SOON_MS : ASK_AGAIN_MS),
});
