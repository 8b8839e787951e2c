/** Beside a view's name, once the page shows something else than the view keeps. */
import { Anchor } from '@mantine/core';
import { tellError } from '@/lib/toast';
import { type SavedView, useChangeView } from '../api/views';
import classes from './view-changes.module.css';

type ViewChangesProps = { view: SavedView; query: string; onReset: () => void };

export function ViewChanges({ view, query, onReset }: ViewChangesProps) {
  const change = useChangeView();
  return (
    <span className={classes.changes} role="status">
      Changed
      {view.may_change && (
        <>
          {' · '}
          <Anchor
            component="button"
            type="button"
            fz="inherit"
            disabled={change.isPending}
            onClick={() => {
              change.mutate(
                { id: view.id, query },
                {
                  onError: (error) => {
                    tellError(error, 'The view was not saved.');
                  },
                },
              );
            }}
          >
            Save
          </Anchor>
        </>
      )}
      {' · '}
      <Anchor component="button" type="button" fz="inherit" onClick={onReset}>
        Reset
      </Anchor>
    </span>
  );
}
