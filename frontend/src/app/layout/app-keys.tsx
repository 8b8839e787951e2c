/** The keys that hold everywhere, and the list of all keys. */
import { Kbd, Modal, Switch, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { areKeysOn, switchKeys, type Shortcut, useShortcutList, useShortcuts } from '@/lib/keys';
import { useMe } from '@/lib/queries/session';
import { mayOpen } from '../may-open';
import { PLACES } from '../navigation';
import classes from './app-keys.module.css';

const OPEN = 'pulse:keys';

/** Opens the list of keys from anywhere. */
export function openKeys(): void {
  window.dispatchEvent(new Event(OPEN));
}

export function AppKeys() {
  const [isOpen, list] = useDisclosure(false);
  const me = useMe();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const { open } = list;
  useEffect(() => {
    window.addEventListener(OPEN, open);
    return () => {
      window.removeEventListener(OPEN, open);
    };
  }, [open]);
  const places: Shortcut[] = PLACES.flatMap((place) =>
    place.key !== undefined && mayOpen(me, place)
      ? [{ keys: `g ${place.key}`, does: place.name, run: () => void navigate(place.path) }]
      : [],
  );
  useShortcuts([
    ...places,
    {
      keys: 'g c',
      does: 'Conflicts',
      run: () => void navigate('/sync-status?tab=conflicts'),
    },
    { keys: 't', does: 'Switch light and dark', run: toggleColorScheme },
    { keys: '?', does: 'Show all keys', run: open },
  ]);
  return (
    <Modal opened={isOpen} onClose={list.close} title="Keys">
      <KeyList />
    </Modal>
  );
}

/** What no page registers: keys of the palette, of forms, tables and toasts. */
const ALWAYS = [
  { keys: 'Ctrl k', does: 'Search or jump to: > actions only, # deal by ID' },
  { keys: 'Enter', does: 'Open the row, or edit the cell, that has the focus' },
  { keys: 'Ctrl Enter', does: 'Save what is being edited' },
  { keys: 'Esc', does: 'Leave it' },
  { keys: 'Ctrl z', does: 'Undo the last change while its message stands' },
] as const;

function KeyList() {
  const shortcuts = useShortcutList();
  return (
    <>
      <dl className={classes.keys}>
        {[...ALWAYS, ...shortcuts].map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key} size="xs">
                  {key.length === 1 ? key.toUpperCase() : key}
                </Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        mt="md"
        label="Single keys are on"
        description="Ctrl K and the keys of menus and tables always work."
        checked={areKeysOn()}
        onChange={(event) => {
          switchKeys(event.currentTarget.checked);
        }}
      />
    </>
  );
}
