/** How the import of the CRM's own stage history stands, and asking for it again. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { tellError } from '@/lib/toast';

export type StageImport = Schema['StageImport'];

/** An import tells of its end; how far it is, it is asked. */
const ASKED_EVERY_MS = 2_000;

const isOpen = (latest: StageImport | null | undefined): boolean =>
  latest?.state === 'waiting' || latest?.state === 'running';

export const stageHistoryQuery = queryOptions({
  queryKey: ['analysis', 'stage-history'],
  queryFn: ({ signal }) => answered(api.GET('/api/analysis/stage-history', { signal })),
  refetchInterval: ({ state }) => (isOpen(state.data?.latest) ? ASKED_EVERY_MS : false),
  meta: { topics: ['records', 'connection'] },
});

export function useImportStageHistory() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST('/api/analysis/stage-history/import')),
    onError: (error) => {
      tellError(error, 'The import was not started');
    },
    // Another admin may have been quicker: then that import is shown.
    onSettled: () => queries.invalidateQueries({ queryKey: stageHistoryQuery.queryKey }),
  });
}
