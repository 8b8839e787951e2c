/** Views: open one of one's own or a shared one, save, rename, share, delete. */
import { Button, Menu, ScrollArea } from '@mantine/core';
import {
  IconBookmark,
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconLock,
  IconPencil,
  IconPlus,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { wordsOf } from '@/lib/api';
import {
  type SavedView,
  useChangeView,
  useDeleteView,
  useRestoreView,
  type ViewPage,
  viewsQuery,
} from '@/lib/queries/views';
import { addressOf, addressOfView } from '@/lib/saved-views';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import { RenameView, SaveView } from './view-form';
import classes from './views-menu.module.css';

const icon = { size: 16, stroke: 1.7, 'aria-hidden': true } as const;

/** What each page shows without a view. */
const UNSET: Readonly<Record<ViewPage, string>> = {
  analysis: 'Default: this quarter, presales, open',
  deals: 'All deals',
  opportunities: 'All on their way',
};

type ViewsMenuProps = {
  page: ViewPage;
  /** The view that is open. */
  view: SavedView | undefined;
  /** The page as a view keeps it. */
  query: string;
  isChanged: boolean;
};

export function ViewsMenu({ page, view, query, isChanged }: ViewsMenuProps) {
  const navigate = useNavigate();
  const [dialog, show] = useState<'save' | 'rename' | null>(null);
  const change = useChangeView();
  const remove = useRemoval();
  const close = (): void => {
    show(null);
  };
  const save = (changed: { query: string } | { is_shared: boolean }): void => {
    if (view === undefined) return;
    change.mutate(
      { id: view.id, ...changed },
      {
        onError: (error) => {
          tellError(error, 'The view was not saved.');
        },
      },
    );
  };
  return (
    <>
      <Menu position="bottom-end" width={280} withinPortal>
        <Menu.Target>
          <Button
            leftSection={<IconBookmark {...icon} />}
            rightSection={<IconChevronDown size={14} stroke={1.7} aria-hidden />}
          >
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Offered page={page} open={view} />
          <Menu.Divider />
          {view?.may_change && (
            <OwnActions
              view={view}
              onSave={
                isChanged
                  ? () => {
                      save({ query });
                    }
                  : undefined
              }
              onRename={() => {
                show('rename');
              }}
              onShare={() => {
                save({ is_shared: !view.is_shared });
              }}
              onDelete={() => {
                remove(view);
              }}
            />
          )}
          <Menu.Item
            leftSection={<IconPlus {...icon} />}
            onClick={() => {
              show('save');
            }}
          >
            Save as a new view…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'save' && (
        <SaveView
          page={page}
          query={query}
          name={view === undefined ? '' : `${view.name} 2`}
          onClose={close}
          onSaved={(saved) => {
            close();
            void navigate(addressOf(saved));
          }}
        />
      )}
      {dialog === 'rename' && view !== undefined && <RenameView view={view} onClose={close} />}
    </>
  );
}

/** The views that can be opened: one's own first. */
function Offered({ page, open }: Pick<ViewsMenuProps, 'page'> & { open: SavedView | undefined }) {
  const views = useQuery(viewsQuery(page));
  const mine = views.data?.filter(({ is_mine }) => is_mine) ?? [];
  const shared = views.data?.filter(({ is_mine }) => !is_mine) ?? [];
  const item = (each: SavedView) => (
    <Menu.Item
      key={each.id}
      component={Link}
      to={addressOf(each)}
      aria-current={each.id === open?.id ? 'page' : undefined}
      rightSection={each.id === open?.id ? <IconCheck size={14} stroke={1.7} aria-hidden /> : null}
    >
      <span className={classes.name}>{each.name}</span>
      {!each.is_mine && <span className={classes.owner}>{each.owner}</span>}
      {each.is_mine && each.is_shared && <span className={classes.owner}>shared</span>}
    </Menu.Item>
  );
  return (
    <ScrollArea.Autosize mah={340} type="auto">
      {views.isError && <p className={classes.hint}>{wordsOf(views.error)}</p>}
      {views.data?.length === 0 && (
        <p className={classes.hint}>No views yet. Save what you look at often under a name.</p>
      )}
      {mine.length > 0 && <Menu.Label>Yours</Menu.Label>}
      {mine.map(item)}
      {shared.length > 0 && <Menu.Label>Shared by others</Menu.Label>}
      {shared.map(item)}
      <Menu.Item component={Link} to={addressOfView(page, null, '')}>
        <span className={classes.name}>{UNSET[page]}</span>
      </Menu.Item>
    </ScrollArea.Autosize>
  );
}

type OwnActionsProps = {
  view: SavedView;
  /** Absent where there is nothing new to save. */
  onSave: (() => void) | undefined;
  onRename: () => void;
  onShare: () => void;
  onDelete: () => void;
};

function OwnActions({ view, onSave, onRename, onShare, onDelete }: OwnActionsProps) {
  return (
    <>
      {onSave && (
        <Menu.Item leftSection={<IconDeviceFloppy {...icon} />} onClick={onSave}>
          Save into {view.name}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconPencil {...icon} />} onClick={onRename}>
        Rename…
      </Menu.Item>
      <Menu.Item
        leftSection={view.is_shared ? <IconLock {...icon} /> : <IconUsers {...icon} />}
        onClick={onShare}
      >
        {view.is_shared ? 'Share with nobody' : 'Share with everybody'}
      </Menu.Item>
      <Menu.Item leftSection={<IconTrash {...icon} />} onClick={onDelete}>
        Delete
      </Menu.Item>
    </>
  );
}

/** Deletes a view and stays on what it showed; undo brings it back under its address. */
function useRemoval(): (view: SavedView) => void {
  const navigate = useNavigate();
  const remove = useDeleteView();
  const restore = useRestoreView();
  return (view) => {
    const { id, name, page, query } = view;
    remove.mutate(id, {
      onError: (error) => {
        tellError(error, 'The view was not deleted.');
      },
      onSuccess: () => {
        void navigate(addressOfView(page, null, query));
        tellUndoable(`View deleted: ${name}.`, () => {
          restore.mutate(id, {
            onSuccess: () => void navigate(addressOf(view)),
          });
        });
      },
    });
  };
}
