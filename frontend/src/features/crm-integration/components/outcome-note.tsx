/** What became of the sign-in that a browser just came back from. */
import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { Note } from '@/components/note/note';
import type { Connection } from '../api/connection';
import { outcomeWords } from '../lib/outcome';
import classes from './notes.module.css';

export function OutcomeNote({ connection }: { connection: Connection }) {
  const [search, setSearch] = useSearchParams();
  const outcome = search.get('outcome');
  if (outcome === null) return null;
  const attempt = connection.last_attempt;
  // The address says which outcome; its details are told only where the server tells the same.
  const detail = attempt?.outcome === outcome ? attempt.detail : null;
  const close = (
    <ActionIcon
      size={24}
      aria-label="Close"
      onClick={() => {
        setSearch({}, { replace: true });
      }}
    >
      <IconX size={16} stroke={1.7} aria-hidden />
    </ActionIcon>
  );
  if (outcome === 'connected' || outcome === 'incomplete') {
    if (connection.state !== 'connected') return null;
    return (
      <div className={classes.notes}>
        <Note kind={outcome === 'incomplete' ? 'warning' : 'info'} action={close}>
          <strong>Connected to {connection.organisation?.company_name ?? 'Zoho CRM'}.</strong>
          {outcome === 'incomplete' && ` ${detail ?? ''} Syncs run without it; see Permissions.`}
        </Note>
      </div>
    );
  }
  const words = outcomeWords(outcome);
  if (words === undefined) return null;
  return (
    <div className={classes.notes}>
      <Note kind="failing" action={close}>
        <strong>{words.title}</strong> {detail !== null && `${detail} `}
        {words.way}
      </Note>
    </div>
  );
}
