/** What the Dashboard asks of the server. */
import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type Dashboard = Schema['Dashboard'];
export type Change = Schema['Change'];
export type OpenPipeline = Schema['OpenPipeline'];
export type RecentChange = Schema['RecentChange'];
export type FieldChange = Schema['FieldChange'];

const ENTRIES = 8;

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => answered(api.GET('/api/dashboard', { signal })),
  meta: { topics: ['records', 'schema', 'settings', 'connection'] },
});

export const recentChangesQuery = queryOptions({
  queryKey: ['changes', 'recent', ENTRIES],
  queryFn: ({ signal }) =>
    answered(api.GET('/api/changes/recent', { params: { query: { limit: ENTRIES } }, signal })),
  meta: { topics: ['records'] },
});

export const connectionQuery = queryOptions({
  queryKey: ['crm', 'connection', 'dashboard'],
  queryFn: ({ signal }) => answered(api.GET('/api/crm/connection', { signal })),
  meta: { topics: ['connection', 'schema'] },
});

export const requiredFieldsQuery = queryOptions({
  queryKey: ['crm', 'required-fields'],
  queryFn: async ({ signal }) => {
    const metadata = await answered(api.GET('/api/crm/fields/metadata', { signal }));
    return metadata.required_fields_status;
  },
  meta: { topics: ['connection', 'schema'] },
});
