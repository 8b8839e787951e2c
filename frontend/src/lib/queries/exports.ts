/** Files that people have made of deals and figures, and how to ask for one. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type ExportLine = Schema['ExportLine'];
export type ExportKind = ExportLine['kind'];
export type ExportFormat = ExportLine['format'];
export type ExportAsked = Pick<ExportLine, 'kind' | 'query' | 'columns' | 'subject'>;
type ExportWanted = ExportAsked & { format: ExportFormat };

export const exportsQuery = queryOptions({
  queryKey: ['exports', 'list'],
  queryFn: ({ signal }) => answered(api.GET('/api/exports', { signal })),
  meta: { topics: ['exports'] },
});

/** How many deals a file would hold, and about how long each format takes. */
export const exportPreview = (asked: ExportAsked) =>
  queryOptions({
    queryKey: ['exports', 'preview', asked],
    queryFn: ({ signal }) =>
      answered(api.POST('/api/exports/preview', { body: { ...asked }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: ['records', 'settings'] },
  });

export function useStartExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: ExportWanted) =>
      answered(api.POST('/api/exports', { body: { ...wanted } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: exportsQuery.queryKey }),
  });
}

export function useCancelExport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answered(
        api.POST('/api/exports/{export_id}/cancel', { params: { path: { export_id: id } } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: exportsQuery.queryKey }),
  });
}

/** Where a finished file is fetched from. */
export const fileAddress = (id: string): string => `/api/exports/${id}/download`;
