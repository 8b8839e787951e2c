/** Editing a cell: what it takes, sending it, and showing it at once. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api } from '@/lib/api';
import type { InputValue } from '@/components/field-inputs/field';
import type { DealRow, RowsPage } from './queries';

/** What one field of a deal takes and holds now; read anew each time that it is edited. */
export const cellForm = (id: string, field: string) =>
  queryOptions({
    queryKey: ['deals', 'one', id, 'form', field],
    queryFn: async ({ signal }) => {
      const form = await answered(
        api.GET('/api/deals/{deal_id}/form', {
          params: { path: { deal_id: id }, query: { fields: [field] } },
          signal,
        }),
      );
      return { field: form.fields[0] ?? null, readOnlyReason: form.read_only_reason };
    },
    staleTime: 0,
    gcTime: 0,
  });

type CellEdit = {
  id: string;
  fields: Record<string, InputValue>;
  /** The row as it will look if the server takes the values. */
  shown?: (row: DealRow) => DealRow;
};

const ROWS = ['deals', 'rows'] as const;

/** Sends values; the row shows them at once, and goes back to what it was if the server refuses. */
export function useEditDeal() {
  const queries = useQueryClient();
  const redraw = (id: string, draw: (row: DealRow) => DealRow): void => {
    queries.setQueriesData<RowsPage>({ queryKey: ROWS }, (page) =>
      page?.items.some((row) => row.id === id) === true
        ? { ...page, items: page.items.map((row) => (row.id === id ? draw(row) : row)) }
        : page,
    );
  };
  return useMutation({
    mutationFn: ({ id, fields }: CellEdit) =>
      answered(
        api.PATCH('/api/deals/{deal_id}', {
          params: { path: { deal_id: id } },
          body: { fields: fields as Record<string, never> },
        }),
      ),
    onMutate: async ({ id, shown }) => {
      // An answer that is on its way knows nothing of the edit.
      await queries.cancelQueries({ queryKey: ROWS });
      const before = queries
        .getQueriesData<RowsPage>({ queryKey: ROWS })
        .flatMap(([, page]) => page?.items ?? [])
        .find((row) => row.id === id);
      if (shown) redraw(id, shown);
      return before;
    },
    onError: (_error, { id }, before) => {
      if (before) redraw(id, () => before);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['deals'] }),
  });
}
