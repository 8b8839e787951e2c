/** What the person who is logged in was told. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api } from '@/lib/api';

export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => answered(api.GET('/api/notices', { signal })),
  meta: { topics: ['notices'] },
});

export function useReadNotices() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (upTo: string) =>
      answered(api.POST('/api/notices/read', { body: { up_to: upTo } })),
    onSuccess: (notices) => {
      queries.setQueryData(noticesQuery.queryKey, notices);
    },
  });
}
