/** Where one is logged in, last used first; each can be ended from here. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { QueryPanel } from '@/components/panel/query-panel';
import { Section } from '@/components/page/section';
import { Moment } from '@/components/time/moment';
import { browserOf } from '@/lib/browser';
import { counted } from '@/lib/format';
import { tell, tellError } from '@/lib/toast';
import {
  type OwnSession,
  ownSessionsQuery,
  useEndOtherSessions,
  useEndSession,
} from '../api/account';
import classes from './own-sessions.module.css';

export function OwnSessions() {
  const sessions = useQuery(ownSessionsQuery);
  const endOthers = useEndOtherSessions();
  const hasOthers = (sessions.data?.length ?? 0) > 1;
  return (
    <Section
      title="Where you are logged in"
      hint="Ends after 7 days without use, and after 30 days in any case."
      action={
        hasOthers && (
          <Button
            loading={endOthers.isPending}
            onClick={() => {
              endOthers.mutate(undefined, {
                onSuccess: ({ sessions_ended: ended }) => {
                  tell(`Logged out in ${counted(ended, 'other place')}.`);
                },
                onError: (error) => {
                  tellError(error, 'The other sessions go on.');
                },
              });
            }}
          >
            Log out everywhere else
          </Button>
        )
      }
    >
      <QueryPanel
        query={sessions}
        failed="Your sessions could not be read"
        minHeight={88}
        skeleton={<Skeleton height={60} my={14} />}
      >
        {(items) => (
          <ul className={classes.list}>
            {items.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </QueryPanel>
    </Section>
  );
}

function SessionRow({ session }: { session: OwnSession }) {
  const end = useEndSession();
  const browser = browserOf(session.user_agent);
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <span className={classes.name}>
          {browser}
          {session.is_current && <span className={classes.here}> · this one</span>}
        </span>
        <span className={classes.small}>
          {session.address ?? 'unknown address'} · used <Moment at={session.last_seen_at} /> ·
          logged in <Moment at={session.created_at} as="when" />
        </span>
      </div>
      {!session.is_current && (
        <Button
          aria-label={`Log out ${browser}`}
          loading={end.isPending}
          onClick={() => {
            end.mutate(session.id, {
              onError: (error) => {
                tellError(error, 'The session goes on.');
              },
            });
          }}
        >
          Log out
        </Button>
      )}
    </li>
  );
}
