/** Beside a view's name, once the page shows something else than the view keeps. */
import { Anchor } from '@mantine/core';
import { useNavigate } from 'react-router';
import { type SavedView, useChangeView } from '@/lib/queries/views';
import { addressOf } from '@/lib/saved-views';
import { tellError } from '@/lib/toast';
import classes from './view-changes.module.css';

type ViewChangesProps = { view: SavedView; query: string };

export function ViewChanges({ view, query }: ViewChangesProps) {
  const navigate = useNavigate();
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
      <Anchor
        component="button"
        type="button"
        fz="inherit"
        onClick={() => void navigate(addressOf(view))}
      >
        Reset
      </Anchor>
    </span>
  );
}
