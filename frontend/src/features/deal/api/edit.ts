/** Editing a deal: its form, saving it at once on the page, giving edits up, trying them again. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { InputValue } from '@/components/field-inputs/field';
import { answered, api, type Schema } from '@/lib/api';
import { type Deal, dealQuery, keyOf, TOPICS } from './deal';

export type DealForm = Schema['DealForm'];
export type FormField = Schema['FormField'];
type Standing = Schema['FieldStanding'];

export const formQuery = (id: string) =>
  queryOptions({
    queryKey: [...keyOf(id), 'form'],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/deals/{deal_id}/form', { params: { path: { deal_id: id } }, signal })),
    meta: { topics: TOPICS },
  });

type Save = {
  values: Record<string, InputValue>;
  /** The deal as it will look if the server takes the values. */
  drawn?: (deal: Deal) => Deal;
};

const editKey = (id: string) => [...keyOf(id), 'edit'] as const;

/** Draws what the server says of fields into the page and the form. */
function useStandings(id: string) {
  const queries = useQueryClient();
  return (status: Schema['RecordStatus'], standings: readonly Standing[]): void => {
    const told = new Map(standings.map((field) => [field.api_name, field]));
    queries.setQueryData(dealQuery(id).queryKey, (deal) =>
      deal === undefined
        ? deal
        : {
            ...deal,
            sync: { ...deal.sync, status },
            fields: deal.fields.map((field) => {
              const now = told.get(field.api_name);
              return now === undefined ? field : { ...field, value: now.shown, change: now.change };
            }),
          },
    );
    queries.setQueryData(formQuery(id).queryKey, (form) =>
      form === undefined
        ? form
        : {
            ...form,
            status,
            fields: form.fields.map((field) => {
              const now = told.get(field.api_name);
              return now === undefined ? field : { ...field, ...now };
            }),
          },
    );
  };
}

/** Asks for the deal again once the last of several edits is through. */
function useRenew(id: string) {
  const queries = useQueryClient();
  return async (): Promise<void> => {
    if (queries.isMutating({ mutationKey: editKey(id) }) > 1) return;
    // The table shows the deal too.
    await queries.invalidateQueries({ queryKey: ['deals'] });
  };
}

export type Saved = Schema['DealEdited'];

type SaveHooks = {
  onSaved: (saved: Saved) => void;
  onRefused: (error: Error) => void;
};

/**
 * Sends values; the page shows them as pending at once, and goes back if the server refuses.
 *
 * The hooks are called also when the page has been left meanwhile.
 */
export function useSaveDeal(id: string) {
  const queries = useQueryClient();
  const draw = useStandings(id);
  const renew = useRenew(id);
  const key = dealQuery(id).queryKey;
  return useMutation({
    mutationKey: editKey(id),
    mutationFn: ({ values }: Save & SaveHooks) =>
      answered(
        api.PATCH('/api/deals/{deal_id}', {
          params: { path: { deal_id: id } },
          // The schema knows values of fields as any JSON.
          body: { fields: values as Record<string, never> },
        }),
      ),
    onMutate: async ({ drawn }) => {
      // An answer that is on its way knows nothing of the edit.
      await queries.cancelQueries({ queryKey: keyOf(id) });
      const before = queries.getQueryData(key);
      if (drawn && before) queries.setQueryData(key, drawn(before));
      return before;
    },
    onSuccess: (saved, { onSaved }) => {
      draw(saved.status, saved.fields);
      onSaved(saved);
    },
    onError: (error, { onRefused }, before) => {
      if (before) queries.setQueryData(key, before);
      onRefused(error);
    },
    onSettled: renew,
  });
}

/** Gives up edits that wait, clash or were refused; of all fields if none is named. */
export function useDropChanges(id: string) {
  const draw = useStandings(id);
  const renew = useRenew(id);
  return useMutation({
    mutationKey: editKey(id),
    mutationFn: (fields: readonly string[]) =>
      answered(
        api.DELETE('/api/deals/{deal_id}/changes', {
          params: { path: { deal_id: id }, query: { fields: [...fields] } },
        }),
      ),
    onSuccess: ({ status, fields }) => {
      draw(status, fields);
    },
    onSettled: renew,
  });
}

/** Sends refused edits again. */
export function useRetryChanges(id: string) {
  const draw = useStandings(id);
  const renew = useRenew(id);
  return useMutation({
    mutationKey: editKey(id),
    mutationFn: (fields: readonly string[]) =>
      answered(
        api.POST('/api/deals/{deal_id}/changes/retry', {
          params: { path: { deal_id: id }, query: { fields: [...fields] } },
        }),
      ),
    onSuccess: ({ status, fields }) => {
      draw(status, fields);
    },
    onSettled: renew,
  });
}

/** Of a deal that the CRM deleted: `use_crm` drops its edits, `use_local` restores it and sends them. */
export function useSettleGone(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: 'use_crm' | 'use_local') =>
      answered(
        api.POST('/api/sync-status/conflicts/{conflict_id}/resolve', {
          params: { path: { conflict_id: id } },
          body: { action },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deals'] }),
  });
}
