/** The audit log, for admins: page after page, each older than the one before. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type AuditLine = Schema['AuditLine'];

export type AuditFilter = {
  person: readonly string[];
  action: readonly string[];
  kind: readonly string[];
  subject: string | null;
  since: string | null;
  before: string | null;
};

const LINES_A_PAGE = 50;

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'audit', filter],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/audit', {
          params: {
            query: {
              person: [...filter.person],
              action: [...filter.action],
              kind: [...filter.kind],
              subject: filter.subject,
              since: filter.since,
              before: filter.before,
              older_than: pageParam === null ? null : Number(pageParam),
              limit: LINES_A_PAGE,
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? (page.items.at(-1)?.id ?? null) : null),
    meta: { topics: ['access', 'settings', 'session', 'schema', 'connection'] },
  });

export const auditChoicesQuery = queryOptions({
  queryKey: ['admin', 'audit', 'choices'],
  queryFn: ({ signal }) => answered(api.GET('/api/audit/choices', { signal })),
});
