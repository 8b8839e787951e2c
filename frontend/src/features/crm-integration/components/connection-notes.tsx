/** What a person has to do about a connection that is there: sign in again, or load for the first time. */
import { Button } from '@mantine/core';
import { IconExternalLink, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Note } from '@/components/note/note';
import { Moment } from '@/components/time/moment';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { type Connection, useConnect } from '../api/connection';
import { ended } from '../lib/words';
import classes from './notes.module.css';

export function ConnectionNotes({ connection }: { connection: Connection }) {
  if (connection.state === 'refused') {
    return (
      <div className={classes.notes}>
        <Refused connection={connection} />
      </div>
    );
  }
  if (connection.is_loaded) return null;
  return (
    <div className={classes.notes}>
      <NothingLoaded />
    </div>
  );
}

function Refused({ connection }: { connection: Connection }) {
  const mayConnect = useMay('admin');
  const connect = useConnect();
  const slug = connection.data_centre?.slug;
  return (
    <Note
      kind="failing"
      action={
        mayConnect &&
        slug !== undefined && (
          <Button
            leftSection={<IconExternalLink size={16} stroke={1.7} aria-hidden />}
            loading={connect.isPending || connect.isSuccess}
            onClick={() => {
              connect.mutate(
                { data_centre: slug },
                {
                  onError: (error) => {
                    tellError(error, 'The sign-in could not begin');
                  },
                },
              );
            }}
          >
            Reconnect
          </Button>
        )
      }
    >
      <strong>
        Zoho refuses our sign-in
        {connection.refused_at !== null && (
          <>
            {' '}
            since <Moment at={connection.refused_at} as="when" />
          </>
        )}
        .
      </strong>{' '}
      {ended(connection.refusal ?? '')} Syncs wait until somebody signs in again; what is mirrored
      stays.
      {!mayConnect && ` An admin can do that: ${connection.admins.join(', ')}.`}
    </Note>
  );
}

function NothingLoaded() {
  const mayStart = useMay('editor');
  return (
    <Note
      kind="info"
      action={
        mayStart && (
          <Button
            component={Link}
            to="/live-sync?action=full"
            variant="filled"
            leftSection={<IconPlayerPlay size={16} stroke={1.7} aria-hidden />}
          >
            Full Sync
          </Button>
        )
      }
    >
      <strong>Nothing is mirrored yet.</strong> The first full sync loads every deal; after it,
      changes arrive by themselves. You see the plan and its cost before it starts.
    </Note>
  );
}
