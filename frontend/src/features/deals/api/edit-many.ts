/** The same value into a field of several deals: a small batch, which the CRM takes at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { InputValue } from '@/components/field-inputs/field';
import { answered, api } from '@/lib/api';

/** More at once is what Bulk Operations are for. */
export const MOST_IN_A_BATCH = 100;

type ManyEdits = { ids: readonly string[]; field: string; value: InputValue };

export function useEditMany() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, field, value }: ManyEdits) =>
      answered(
        api.POST('/api/bulk/small-batch', {
          body: { choose: { ids: [...ids] }, fields: { [field]: value } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deals'] }),
  });
}

/** Puts back what a batch replaced, where nobody touched it since. */
export function useUndoMany() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: string) =>
      answered(
        api.POST('/api/bulk/operation/{session_id}/undo', {
          params: { path: { session_id: sessionId } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deals'] }),
  });
}
