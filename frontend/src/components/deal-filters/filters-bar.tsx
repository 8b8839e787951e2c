/** The filters that are set, and the way to another one (F). */
import { Combobox, Kbd, ScrollArea, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useShortcuts } from '@/lib/keys';
import type { ColumnLine } from '@/lib/queries/deals';
import { allFilters, type Filter, hasPast, isSet, type Offered } from './filters';
import { FilterChip } from './filter-chip';
import classes from './filters-bar.module.css';

type FiltersBarProps = Offered & {
  columns: readonly ColumnLine[];
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
  /** Filters that always stand, first; their pages write "all" into the address. */
  pinned?: readonly string[];
  /** Stands at the right: as of when, and what the table says of itself. */
  note?: ReactNode;
};

const NONE: readonly string[] = [];

export function FiltersBar(props: FiltersBarProps) {
  const { columns, params, onChange, pinned = NONE, hasText = false, isPast = false, note } = props;
  const [added, add] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const list = useCombobox({
    onDropdownClose: () => {
      setTyped('');
      list.resetSelectedOption();
    },
    onDropdownOpen: () => {
      list.focusSearchInput();
    },
  });
  useShortcuts([
    {
      keys: 'f',
      does: 'Add a filter',
      run: () => {
        list.openDropdown();
      },
    },
  ]);
  const filters = allFilters(columns, { hasText });
  const isPinned = ({ key }: Filter): boolean => pinned.includes(key);
  const shown = filters
    .filter((filter) => isSet(params, filter) || filter.key === added || isPinned(filter))
    .sort((one, other) => Number(isPinned(other)) - Number(isPinned(one)));
  const wanted = typed.trim().toLowerCase();
  const offered = filters.filter(
    (filter) =>
      !shown.includes(filter) &&
      (!isPast || hasPast(filter)) &&
      filter.label.toLowerCase().includes(wanted),
  );
  return (
    <div className={classes.bar}>
      <div className={classes.chips} role="group" aria-label="Filters">
        {shown.map((filter) => (
          <FilterChip
            key={filter.key}
            filter={filter}
            params={params}
            onChange={onChange}
            isAdded={filter.key === added}
            isPinned={isPinned(filter)}
            onClosed={() => {
              add(null);
            }}
          />
        ))}
        <Combobox
          store={list}
          width={240}
          position="bottom-start"
          onOptionSubmit={(key) => {
            add(key);
            list.closeDropdown();
          }}
        >
          <Combobox.Target withAriaAttributes={false}>
            <button
              type="button"
              className={classes.add}
              aria-haspopup="listbox"
              aria-expanded={list.dropdownOpened}
              onClick={() => {
                list.toggleDropdown();
              }}
            >
              <IconPlus size={13} stroke={1.7} aria-hidden />
              Filter
              <Kbd size="xs" className={classes.key ?? ''} aria-hidden>
                F
              </Kbd>
            </button>
          </Combobox.Target>
          <Combobox.Dropdown>
            <Combobox.Search
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                list.updateSelectedOptionIndex();
              }}
              placeholder="Which field"
              aria-label="Find a filter"
            />
            <Combobox.Options aria-label="Filters to add">
              <ScrollArea.Autosize mah={300} type="auto">
                {offered.map((filter) => (
                  <Combobox.Option key={filter.key} value={filter.key}>
                    {filter.label}
                  </Combobox.Option>
                ))}
              </ScrollArea.Autosize>
              {offered.length === 0 && <Combobox.Empty>No such field</Combobox.Empty>}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      </div>
      {note !== undefined && <div className={classes.note}>{note}</div>}
    </div>
  );
}
