/** A chip that says one of several words and offers the others; long lists can be searched. */
import { Combobox, ScrollArea, useCombobox } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { Choice } from '../lib/pivot';
import classes from './choice-chip.module.css';

const SEARCHED_FROM = 10;

type ChoiceChipProps = {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
};

export function ChoiceChip({ label, value, choices, onChange }: ChoiceChipProps) {
  const [typed, setTyped] = useState('');
  const isSearched = choices.length >= SEARCHED_FROM;
  const list = useCombobox({
    onDropdownClose: () => {
      setTyped('');
      list.resetSelectedOption();
    },
    onDropdownOpen: () => {
      if (isSearched) list.focusSearchInput();
    },
  });
  const wanted = typed.trim().toLowerCase();
  const offered = choices.filter((choice) => choice.label.toLowerCase().includes(wanted));
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Combobox
      store={list}
      width={240}
      position="bottom-end"
      onOptionSubmit={(next) => {
        onChange(next);
        list.closeDropdown();
      }}
    >
      <Combobox.Target targetType={isSearched ? 'input' : 'button'} withAriaAttributes={false}>
        <button
          type="button"
          className={classes.chip}
          aria-haspopup="listbox"
          aria-expanded={list.dropdownOpened}
          onClick={() => {
            list.toggleDropdown();
          }}
        >
          <span className={classes.label}>{label}</span>
          <span className={classes.said}>{chosen?.label ?? value}</span>
          <IconChevronDown size={13} stroke={1.7} aria-hidden />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        {isSearched && (
          <Combobox.Search
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              list.updateSelectedOptionIndex();
            }}
            placeholder="Find"
            aria-label={`Find in ${label}`}
          />
        )}
        <Combobox.Options aria-label={label}>
          <ScrollArea.Autosize mah={320} type="auto">
            {offered.map((choice) => (
              <Combobox.Option
                key={choice.value}
                value={choice.value}
                active={choice.value === value}
                aria-selected={choice.value === value}
              >
                <span className={classes.option}>
                  {choice.label}
                  {choice.value === value && <IconCheck size={14} stroke={1.7} aria-hidden />}
                </span>
              </Combobox.Option>
            ))}
          </ScrollArea.Autosize>
          {offered.length === 0 && <Combobox.Empty>Nothing is called that</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
