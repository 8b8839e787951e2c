/** Stored settings, for admins: what there is comes from the server's own schema. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type SettingItem = Schema['SettingItem'];

export const settingsQuery = queryOptions({
  queryKey: ['admin', 'settings'],
  queryFn: async ({ signal }) => (await answered(api.GET('/api/settings', { signal }))).items,
  meta: { topics: ['settings'] },
});

export function useChangeSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Record<string, unknown>) =>
      answered(api.PUT('/api/settings', { body: { changes } })),
    onSuccess: ({ items }) => {
      queries.setQueryData(settingsQuery.queryKey, items);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });
}
