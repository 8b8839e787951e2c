/** The command palette: actions with their cost, pages with their keys, deals by name or id. */
import { Kbd } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Highlighted } from './highlighted';
import classes from './palette.module.css';
import { type Entry, matching, modeOf } from './entries';
import { useEntries } from './use-entries';

export function Palette() {
  const [typed, setTyped] = useState('');
  const { mode, words } = modeOf(typed);
  const groups = matching(useEntries(mode, words), mode, words);
  const isEmpty = groups.every(({ entries }) => entries.length === 0);
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut={['mod + K', '/']}
      size={640}
      centered={false}
      yOffset={112}
      radius="lg"
      classNames={{
        content: classes.content ?? '',
        search: classes.search ?? '',
        actionsGroup: classes.group ?? '',
      }}
      overlayProps={{ blur: 0 }}
      transitionProps={{ duration: 140 }}
      clearQueryOnClose
    >
      <Spotlight.Search
        placeholder="Search or jump to"
        aria-label="Search or jump to"
        leftSection={<IconSearch size={18} stroke={1.7} aria-hidden />}
        rightSection={<Kbd size="xs">Esc</Kbd>}
        rightSectionWidth={56}
      />
      <Spotlight.ActionsList className={classes.list ?? ''}>
        {isEmpty && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
        {groups.map(({ label, entries }) =>
          entries.length === 0 ? null : (
            <Spotlight.ActionsGroup key={label} label={label}>
              {entries.map((entry) => (
                <PaletteRow key={entry.id} entry={entry} words={words} />
              ))}
            </Spotlight.ActionsGroup>
          ),
        )}
      </Spotlight.ActionsList>
      <footer className={classes.footer}>
        <span>
          <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> move
        </span>
        <span>
          <Kbd size="xs">Enter</Kbd> open
        </span>
        <span className={classes.modes}>{'> actions only, # deal by ID'}</span>
      </footer>
    </Spotlight.Root>
  );
}

function PaletteRow({ entry, words }: { entry: Entry; words: string }) {
  const Icon = entry.icon;
  return (
    <Spotlight.Action
      className={classes.row ?? ''}
      onClick={() => {
        spotlight.close();
        entry.run();
      }}
    >
      <Icon size={17} stroke={1.7} aria-hidden />
      <span className={classes.label}>
        <Highlighted text={entry.label} words={words} />
      </span>
      {entry.hint && <span className={classes.hint}>{entry.hint}</span>}
      {entry.value && <span className={classes.value}>{entry.value}</span>}
      {entry.keys && (
        <span className={classes.keys}>
          {entry.keys.map((key) => (
            <Kbd key={key} size="xs">
              {key}
            </Kbd>
          ))}
        </span>
      )}
    </Spotlight.Action>
  );
}
