/** Filters of the history: a chip for each that is set, and "+ Filter" for those that are not. */
import { Button, Checkbox, Menu, Popover, Stack } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { RUN_STATES } from '@/components/status/vocabulary';
import { formatWhole } from '@/lib/format';
import { useShortcuts } from '@/lib/keys';
import { CHOICES, type Search } from '../lib/search';
import { KINDS, TRIGGERS } from '../lib/words';
import classes from './filter-chips.module.css';

type Name = keyof typeof CHOICES;
type ByStatus = Readonly<Record<string, number>>;

const NAMES: Record<Name, string> = { status: 'Result', kind: 'Kind', trigger: 'Trigger' };

const wordOf = {
  status: (value: keyof typeof RUN_STATES) => RUN_STATES[value].word,
  kind: (value: keyof typeof KINDS) => KINDS[value],
  trigger: (value: keyof typeof TRIGGERS) => TRIGGERS[value],
};

/** Returns the choices of a filter, each with its word. */
function choicesOf(name: Name): { value: string; word: string }[] {
  switch (name) {
    case 'status':
      return CHOICES.status.map((value) => ({ value, word: wordOf.status(value) }));
    case 'kind':
      return CHOICES.kind.map((value) => ({ value, word: wordOf.kind(value) }));
    case 'trigger':
      return CHOICES.trigger.map((value) => ({ value, word: wordOf.trigger(value) }));
  }
}

type FilterChipsProps = {
  search: Search;
  /** How many runs each result would show. */
  byStatus?: ByStatus | undefined;
};

export function FilterChips({ search, byStatus }: FilterChipsProps) {
  const [added, setAdded] = useState<Name | null>(null);
  const [isChoosing, setIsChoosing] = useState(false);
  useShortcuts([
    {
      keys: 'f',
      does: 'Add a filter',
      run: () => {
        setIsChoosing(true);
      },
    },
  ]);
  const names = Object.keys(NAMES) as Name[];
  const isSet = (name: Name): boolean => search.filter[name].length > 0;
  const unset = names.filter((name) => !isSet(name) && name !== added);
  return (
    <div className={classes.bar} role="group" aria-label="Filters">
      {names
        .filter((name) => isSet(name) || name === added)
        .map((name) => (
          <Chip
            key={name}
            name={name}
            search={search}
            byStatus={name === 'status' ? byStatus : undefined}
            isOpenAtFirst={name === added}
            onClose={() => {
              setAdded(null);
            }}
          />
        ))}
      {unset.length > 0 && (
        <Menu position="bottom-start" opened={isChoosing} onChange={setIsChoosing}>
          <Menu.Target>
            <Button
              className={classes.add ?? ''}
              leftSection={<IconPlus size={14} stroke={1.7} aria-hidden />}
            >
              Filter
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {unset.map((name) => (
              <Menu.Item
                key={name}
                onClick={() => {
                  setAdded(name);
                }}
              >
                {NAMES[name]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

type ChipProps = {
  name: Name;
  search: Search;
  byStatus: ByStatus | undefined;
  isOpenAtFirst: boolean;
  onClose: () => void;
};

function Chip({ name, search, byStatus, isOpenAtFirst, onClose }: ChipProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const chosen: readonly string[] = search.filter[name];
  const choices = choicesOf(name);
  const words = choices.filter(({ value }) => chosen.includes(value)).map(({ word }) => word);
  return (
    <Popover
      position="bottom-start"
      opened={isOpen}
      onChange={(next) => {
        setIsOpen(next);
        if (!next) onClose();
      }}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          rightSection={<IconChevronDown size={13} stroke={1.7} aria-hidden />}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          <span className={classes.label}>{NAMES[name]}</span>
          <span className={classes.value}>{words.length > 0 ? words.join(', ') : 'any'}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group
          aria-label={NAMES[name]}
          value={[...chosen]}
          onChange={(next) => {
            search.go({ [name]: next, page: null });
          }}
        >
          <Stack gap="sm">
            {choices.map(({ value, word }) => (
              <Checkbox
                key={value}
                value={value}
                label={
                  byStatus ? (
                    <>
                      {word}{' '}
                      <span className={classes.count}>{formatWhole(byStatus[value] ?? 0)}</span>
                    </>
                  ) : (
                    word
                  )
                }
              />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
