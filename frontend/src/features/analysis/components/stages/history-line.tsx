/** How the import of the CRM's own history stands, where that matters to the figures. */
import { Note } from '@/components/note/note';
import { formatWhole } from '@/lib/format';
import type { Stages } from '../../api/stages';

export function HistoryLine({ history }: { history: Stages['history'] }) {
  if (history === null) {
    return (
      <Note kind="warning">
        The CRM’s own stage history is read after the first full sync; until then only what was
        observed is shown.
      </Note>
    );
  }
  switch (history.state) {
    case 'completed':
      return null;
    case 'waiting':
    case 'running':
      return (
        <Note kind="warning">
          The CRM’s own stage history is being read: {formatWhole(history.rows_read)}
          {history.rows_total !== null && ` of ${formatWhole(history.rows_total)}`} rows. Until it
          is complete only what was observed is shown.
        </Note>
      );
    case 'failed':
    case 'unavailable':
      return (
        <Note kind="warning">
          The CRM’s own stage history could not be read: {history.error_message} {history.error_fix}
        </Note>
      );
  }
}
