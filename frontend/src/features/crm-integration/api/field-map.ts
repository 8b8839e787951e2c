/** The field map: what stands for what, how full it is, and what changed in the CRM. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import { tell, tellError } from '@/lib/toast';

export type FieldMap = Schema['FieldMapAnswer'];
export type FieldLine = Schema['FieldMapLine'];
export type Candidate = Schema['CandidateField'];
export type SchemaEvent = Schema['SchemaEventLine'];

const DAY_MS = 86_400_000;

export const fieldMapQuery = queryOptions({
  queryKey: ['crm', 'fields', 'map'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/fields/map', { signal })),
  meta: { topics: ['schema', 'connection'] },
});

export const filledQuery = queryOptions({
  queryKey: ['crm', 'fields', 'filled'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/fields/filled', { signal })),
  meta: { topics: ['schema', 'session', 'records'] },
});

export const recentChangesQuery = queryOptions({
  queryKey: ['crm', 'schema-events', 'week'],
  queryFn: ({ signal }) => {
    const since = new Date(Date.now() - 7 * DAY_MS).toISOString();
    return answered(
      api.GET('/api/crm/schema-events', { params: { query: { since, limit: 20 } }, signal }),
    );
  },
  meta: { topics: ['schema'] },
});

/** Canonical name → API name; null gives the choice back to the proposal. */
export type Choices = Record<string, string | null>;

export function useChooseFields() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (choices: Choices) =>
      answered(api.PUT('/api/crm/fields/map', { body: { choices } })),
    onSuccess: (map) => {
      queries.setQueryData(fieldMapQuery.queryKey, map);
      void queries.invalidateQueries({ queryKey: filledQuery.queryKey });
    },
  });
}

/** Reads the CRM's fields now and holds the map against them. */
export function useValidateMap() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST('/api/crm/fields/map/validate')),
    onSuccess: ({ map, message, validation_passed: passed }) => {
      queries.setQueryData(fieldMapQuery.queryKey, map);
      if (passed) tell(message);
      else tellError(new Error(message), 'The field map is not whole');
    },
    onError: (error) => {
      tellError(error, 'The field map could not be checked');
    },
  });
}
