/** Bulk Operations: the same fields of many deals in four steps; `?run=<id>` is an operation. */
import { Button } from '@mantine/core';
import { useNavigate, useSearchParams } from 'react-router';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { useMay, useMe } from '@/lib/queries/session';
import { NewOperation } from './components/new-operation';
import { Operations } from './components/operations';
import { RunView } from './components/run-view';

export default function BulkPage() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  const { editors } = useMe();
  const run = params.get('run');
  const open = (id: string): void => void navigate(`/bulk?run=${id}`);
  return (
    <Page
      title="Bulk Operations"
      lede="The same change in many deals at once. Nothing is written before you have seen it, and it can be undone."
      actions={
        run !== null &&
        mayEdit && (
          <Button
            variant="filled"
            onClick={() => {
              void navigate('/bulk');
            }}
          >
            New operation
          </Button>
        )
      }
    >
      {!mayEdit && (
        <Note kind="locked">
          You can read this, not change it. Editors: {editors.join(', ') || 'none yet'}.
        </Note>
      )}
      {run !== null ? (
        <RunView key={run} id={run} onUndoStarted={open} />
      ) : (
        mayEdit && <NewOperation onStarted={open} />
      )}
      <Operations shown={run} />
    </Page>
  );
}
