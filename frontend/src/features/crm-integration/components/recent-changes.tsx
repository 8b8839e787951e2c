/** What changed in the CRM's fields in the last seven days, and whether anybody has to act. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { Moment } from '@/components/time/moment';
import { recentChangesQuery } from '../api/field-map';
import { changeWords } from '../lib/words';
import classes from './recent-changes.module.css';

export function RecentChanges({ missing }: { missing: readonly string[] }) {
  const changes = useQuery(recentChangesQuery);
  return (
    <Section title="Changed in the CRM" hint="last 7 days">
      <QueryPanel
        query={changes}
        failed="The changes could not be read"
        skeleton={<Skeleton h={88} />}
        minHeight={88}
      >
        {({ items, count }) =>
          items.length === 0 ? (
            <NothingHere>No field was added, renamed or removed.</NothingHere>
          ) : (
            <>
              <ul className={classes.list}>
                {items.map((event) => {
                  const { title, follows } = changeWords(event, missing);
                  return (
                    <li key={event.id} className={classes.event}>
                      <span className={classes.title}>{title}</span>
                      <span className={classes.when}>
                        <Moment at={event.noticed_at} as="when" />. {follows}
                      </span>
                    </li>
                  );
                })}
              </ul>
              {count > items.length && <p className={classes.when}>{count - items.length} more.</p>}
            </>
          )
        }
      </QueryPanel>
    </Section>
  );
}
