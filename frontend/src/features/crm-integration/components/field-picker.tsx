/** Chooses the field that stands for a canonical one, out of those whose type can hold it. */
import { Combobox, ScrollArea, UnstyledButton, useCombobox } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { Candidate, FieldLine } from '../api/field-map';
import { typeName } from '../lib/words';
import classes from './field-picker.module.css';

type FieldPickerProps = {
  line: FieldLine;
  candidates: readonly Candidate[];
  /** API name → the canonical field that it stands for. */
  taken: ReadonlyMap<string, string>;
  isBusy: boolean;
  onChoose: (apiName: string | null) => void;
};

/** No API name is empty, so this is free to mean "no choice of mine". */
const PROPOSED = '';

export function FieldPicker({ line, candidates, taken, isBusy, onChoose }: FieldPickerProps) {
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
      combobox.focusTarget();
    },
    onDropdownOpen: () => {
      combobox.focusSearchInput();
    },
  });
  const wanted = search.trim().toLowerCase();
  const found = candidates.filter(({ api_name: name, label }) =>
    `${name} ${label}`.toLowerCase().includes(wanted),
  );
  return (
    <Combobox
      store={combobox}
      width={340}
      position="bottom-start"
      onOptionSubmit={(value) => {
        combobox.closeDropdown();
        if (value !== line.api_name) onChoose(value === PROPOSED ? null : value);
      }}
    >
      <Combobox.Target targetType="button">
        <UnstyledButton
          className={classes.target ?? ''}
          data-missing={line.api_name === null || undefined}
          disabled={isBusy}
          aria-label={`CRM field of ${line.canonical_name}: ${line.api_name ?? 'Choose a field'}`}
          onClick={() => {
            combobox.toggleDropdown();
          }}
        >
          <span>{line.api_name ?? 'Choose a field'}</span>
          <IconChevronDown size={14} stroke={1.7} aria-hidden />
        </UnstyledButton>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder="Search fields"
          aria-label={`Search a field for ${line.canonical_name}`}
        />
        <Combobox.Options aria-label={`Fields for ${line.canonical_name}`}>
          <ScrollArea.Autosize mah={280} type="auto">
            {line.is_chosen && wanted === '' && (
              <Combobox.Option value={PROPOSED}>
                <span className={classes.label}>Back to the proposal</span>
              </Combobox.Option>
            )}
            {found.map((field) => (
              <Combobox.Option
                key={field.api_name}
                value={field.api_name}
                active={field.api_name === line.api_name}
              >
                <span className={classes.option}>
                  <span className={classes.label}>{field.label}</span>
                  <span className={classes.type}>{typeName(field.data_type)}</span>
                  <span className={classes.api}>
                    {field.api_name}
                    {taken.has(field.api_name) && `, stands for ${taken.get(field.api_name) ?? ''}`}
                  </span>
                </span>
              </Combobox.Option>
            ))}
            {found.length === 0 && (
              <Combobox.Empty>No field of a fitting type has this name.</Combobox.Empty>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
