/** The product's own fields in the CRM: how they stand, create, check, rename. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { tell, tellError } from '@/lib/toast';
import { faultWords } from '../lib/words';

export type OwnedField = Schema['OwnedFieldLine'];
export type OwnedFields = Schema['OwnedFields'];

export const ownedFieldsQuery = queryOptions({
  queryKey: ['crm', 'fields', 'owned'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/fields/owned', { signal })),
  meta: { topics: ['schema', 'connection', 'settings'] },
});

/** Creates those that are missing; what the CRM refuses is told field by field. */
export function useCreateFields() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST('/api/crm/fields/create', { body: {} })),
    onSuccess: ({ message, fields }) => {
      const refused = fields.filter(({ status }) => status === 'failed' || status === 'unknown');
      if (refused.length === 0) tell(message);
      else {
        tellError(new Error(faultWords(refused)), message);
      }
    },
    onError: (error) => {
      tellError(error, 'The fields could not be created');
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['crm'] }),
  });
}

/** Reads the CRM's fields now and says how ours stand. */
export function useValidateFields() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.GET('/api/crm/fields/validate')),
    onSuccess: (found) => {
      queries.setQueryData(ownedFieldsQuery.queryKey, found);
      const faults = found.fields.filter(({ fault }) => fault !== null);
      if (faults.length === 0) tell('All custom fields are there and as they should be.');
      else {
        tellError(new Error(faultWords(faults)), 'Custom fields need you');
      }
    },
    onError: (error) => {
      tellError(error, 'The custom fields could not be checked');
    },
  });
}

export function useRenameField() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, label }: { id: string; label: string }) =>
      answered(
        api.PATCH('/api/crm/fields/{field_id}', {
          params: { path: { field_id: id } },
          body: { label },
        }),
      ),
    onSuccess: ({ message }) => {
      tell(message);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['crm'] }),
  });
}
