/** Inputs that choose: one option, several, or a record that is found by letters. */
import { MultiSelect, Select, type SelectProps } from '@mantine/core';
import type { InputField, InputValue, Lookup, Option } from './field';

type Common = Pick<SelectProps, 'label' | 'aria-label' | 'error' | 'description'>;

type ChoiceProps = Common & {
  field: InputField;
  value: InputValue;
  onChange: (value: InputValue) => void;
  /** Whether the options are shown at once, as in the cell of a table. */
  isOpen: boolean;
};

/** Returns the options with a value that is held and is none of them: it must be seen to be changed. */
function withHeld(options: readonly Option[], held: readonly string[]): Option[] {
  const known = new Set(options.map(({ value }) => value));
  const strangers = held.filter((value) => !known.has(value));
  return [...options, ...strangers.map((value) => ({ value, label: `${value} (no option)` }))];
}

// Inside an editor that lies over a cell, the options belong to it: a press on one is no press elsewhere.
const POPOVER = { withinPortal: true, shadow: 'md' } as const;
const INSIDE = { withinPortal: false, shadow: 'md' } as const;
const NOTHING = 'No such option.';

export function ChoiceInput({ field, value, onChange, isOpen, ...common }: ChoiceProps) {
  const held = typeof value === 'string' ? value : null;
  return (
    <Select
      {...common}
      data={withHeld(field.options, held === null ? [] : [held])}
      value={held}
      onChange={onChange}
      searchable
      clearable={!field.is_mandatory}
      allowDeselect={false}
      defaultDropdownOpened={isOpen}
      selectFirstOptionOnChange
      nothingFoundMessage={NOTHING}
      comboboxProps={isOpen ? INSIDE : POPOVER}
    />
  );
}

export function ChoicesInput({ field, value, onChange, isOpen, ...common }: ChoiceProps) {
  const held = typeof value === 'object' && value !== null ? [...value] : [];
  return (
    <MultiSelect
      {...common}
      data={withHeld(field.options, held)}
      value={held}
      onChange={(chosen) => {
        onChange(chosen.length === 0 ? null : chosen);
      }}
      size="xs"
      searchable
      clearable={!field.is_mandatory}
      defaultDropdownOpened={isOpen}
      nothingFoundMessage={NOTHING}
      comboboxProps={isOpen ? INSIDE : POPOVER}
    />
  );
}

type ReferenceProps = ChoiceProps & { lookup: Lookup };

export function ReferenceInput(props: ReferenceProps) {
  const { field, value, onChange, isOpen, lookup, ...common } = props;
  const held = typeof value === 'string' ? value : null;
  const { chosen, found } = lookup;
  const all =
    chosen === null || found.some((each) => each.value === chosen.value)
      ? found
      : [chosen, ...found];
  return (
    <Select
      {...common}
      data={withHeld(all, held === null ? [] : [held])}
      value={held}
      onChange={onChange}
      searchable
      onSearchChange={lookup.onSearch}
      // The server has searched: nothing is left out here.
      filter={({ options }) => options}
      clearable={!field.is_mandatory}
      allowDeselect={false}
      defaultDropdownOpened={isOpen}
      nothingFoundMessage={lookup.failure ?? (lookup.isSearching ? 'Searching…' : 'Nothing found.')}
      comboboxProps={isOpen ? INSIDE : POPOVER}
    />
  );
}
