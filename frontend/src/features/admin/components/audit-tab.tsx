/** The audit log as a timeline: who did what, from where, and the values before and after. */
import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { TimelineList } from '@/components/timeline/timeline';
import { auditQuery } from '../api/audit';
import type { Search } from '../lib/search';
import { AuditEntry } from './audit-entry';
import { AuditFilters, NO_FILTERS } from './audit-filters';

export function AuditTab({ search }: { search: Search }) {
  const log = useInfiniteQuery(auditQuery(search.audit));
  const isFiltered = Object.values(search.audit).some(
    (value) => value !== null && value.length > 0,
  );
  return (
    <section aria-label="Audit log">
      <AuditFilters search={search} isFiltered={isFiltered} />
      <QueryPanel
        query={log}
        failed="The audit log could not be read"
        minHeight={400}
        skeleton={[0, 1, 2, 3, 4, 5].map((row) => (
          <Skeleton key={row} height={34} my={18} />
        ))}
      >
        {({ pages }) => {
          const lines = pages.flatMap((page) => page.items);
          if (lines.length === 0) {
            return (
              <NothingHere>
                {isFiltered ? (
                  <>
                    No lines match these filters.{' '}
                    <Button
                      variant="transparent"
                      onClick={() => {
                        search.go(NO_FILTERS);
                      }}
                    >
                      Clear filters
                    </Button>
                  </>
                ) : (
                  'Nothing was written yet.'
                )}
              </NothingHere>
            );
          }
          return (
            <>
              <TimelineList label="Lines of the log">
                {lines.map((line) => (
                  <AuditEntry key={line.id} line={line} />
                ))}
              </TimelineList>
              {log.hasNextPage && (
                <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                  Show older
                </Button>
              )}
            </>
          );
        }}
      </QueryPanel>
    </section>
  );
}
