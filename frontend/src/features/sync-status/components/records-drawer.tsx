/** All records that are not in sync, with the reason, page by page; opened by `?records=`. */
import { Button, Drawer, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { QueryPanel } from '@/components/panel/query-panel';
import { RECORD_STATES } from '@/components/status/vocabulary';
import { formatWhole } from '@/lib/format';
import { type OpenStatus, outOfSyncQuery } from '../api/queries';
import type { RecordsShown, Search } from '../lib/search';
import { AllInSync, NotInSync } from './not-in-sync';
import classes from './records-drawer.module.css';

const ROWS = 50;

export function RecordsDrawer({ search }: { search: Search }) {
  const shown = search.records;
  const title =
    shown === null || shown === 'all'
      ? 'Records that are not in sync'
      : `Not in sync: ${RECORD_STATES[shown].word}`;
  return (
    <Drawer
      opened={shown !== null}
      onClose={() => {
        search.go({ records: null });
      }}
      title={title}
      padding={20}
    >
      {shown !== null && <Records key={shown} shown={shown} />}
    </Drawer>
  );
}

function Records({ shown }: { shown: RecordsShown }) {
  const [page, setPage] = useState(1);
  const status: OpenStatus[] = shown === 'all' ? [] : [shown];
  const query = useQuery(outOfSyncQuery(status, ROWS, page));
  return (
    <QueryPanel
      query={query}
      failed="The records could not be read"
      minHeight={300}
      skeleton={['1', '2', '3', '4', '5', '6'].map((row) => (
        <Skeleton key={row} height={36} my={12} />
      ))}
    >
      {({ count, items, has_more: hasMore, offset }) =>
        count === 0 ? (
          <AllInSync>No record is in this state any more.</AllInSync>
        ) : (
          <>
            {shown !== 'all' && <p className={classes.means}>{RECORD_STATES[shown].sentence}.</p>}
            <NotInSync records={items} isInFull />
            <div className={classes.pager}>
              <span>
                {formatWhole(offset + 1)} to {formatWhole(offset + items.length)} of{' '}
                {formatWhole(count)}, oldest first
              </span>
              {count > ROWS && (
                <>
                  <Button
                    disabled={page === 1}
                    onClick={() => {
                      setPage(page - 1);
                    }}
                  >
                    Older
                  </Button>
                  <Button
                    disabled={!hasMore}
                    onClick={() => {
                      setPage(page + 1);
                    }}
                  >
                    Newer
                  </Button>
                </>
              )}
            </div>
          </>
        )
      }
    </QueryPanel>
  );
}
