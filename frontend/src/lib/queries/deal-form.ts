/** What the fields of deals take, whichever deal it is. */
import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type FormField = Schema['FormField'];

export const formOfManyQuery = queryOptions({
  queryKey: ['deals', 'form'],
  queryFn: ({ signal }) => answered(api.GET('/api/deals/fields/form', { signal })),
  meta: { topics: ['schema', 'settings'] },
});
