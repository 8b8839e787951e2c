/** Notes on top of every page: the server is away, the sync fails, the data is old, credits are spent. */
import { Note } from '@/components/note/note';
import { useNow } from '@/lib/now';
import { useLiveState } from '../live';
import classes from './state-notes.module.css';

export function StateNotes() {
  const { retryAt } = useLiveState();
  const now = useNow();
  if (retryAt === null) return null;
  const left = Math.max(0, Math.ceil((retryAt - now.getTime()) / 1_000));
  return (
    <div className={classes.notes}>
      <Note kind="warning">
        No connection to Pipeline Pulse. Trying again in {left} s. You can read on; saving is off.
      </Note>
    </div>
  );
}
