/** The fields of deals, for settings that differ from field to field. */
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '@/lib/api';

export const fieldsQuery = queryOptions({
  queryKey: ['crm', 'fields', 'metadata'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/fields/metadata', { signal })),
  meta: { topics: ['schema', 'connection'] },
});
