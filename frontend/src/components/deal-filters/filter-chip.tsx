/** A filter that is set: its name, what it says, and behind a press how to change it. */
import { Popover } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useNow } from '@/lib/now';
import { dealsFacet } from '@/lib/queries/deals';
import { choicesOf, type Filter, isSet, withoutFilter, wordsOfFilter } from './filters';
import { dealsAsked } from '@/lib/deal-filters';
import { FilterEditor } from './filter-editor';
import classes from './filters-bar.module.css';

type FilterChipProps = {
  filter: Filter;
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
  /** It was just added and is not set yet. */
  isAdded: boolean;
  /** The page always shows it; it cannot be taken away, only opened to all. */
  isPinned: boolean;
  onClosed: () => void;
  /** In place of the filter's name, where what it says speaks for itself. */
  icon?: ReactNode;
  /** In place of what the filter says: `Q3 2026`. */
  said?: string;
};

export function FilterChip(props: FilterChipProps) {
  const { filter, params, onChange, isAdded, isPinned, onClosed, icon } = props;
  const [isOpen, setOpen] = useState(isAdded);
  const now = useNow('minute');
  const values = filter.kind === 'facet' ? choicesOf(params, filter) : [];
  const facet = useQuery({
    ...dealsFacet(filter.key, dealsAsked(params), ''),
    enabled: values.some((value) => value !== ''),
  });
  const labels = new Map(
    facet.data?.values.map(({ value, label }) => [value, label ?? `id ${value}`]),
  );
  // Stages and picklists mostly read as they are stored; people and accounts are ids.
  if (filter.key !== 'owner' && filter.key !== 'account') {
    for (const value of values) if (!labels.has(value)) labels.set(value, value);
  }
  const close = (open: boolean): void => {
    setOpen(open);
    if (!open) onClosed();
  };
  const written = isSet(params, filter) ? wordsOfFilter(params, filter, labels, now) : 'any';
  const said = props.said ?? written;
  return (
    <span className={classes.chip}>
      <Popover
        opened={isOpen}
        onChange={close}
        position="bottom-start"
        width={280}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={classes.set}
            data-alone={isPinned || undefined}
            onClick={() => {
              close(!isOpen);
            }}
          >
            {icon === undefined ? (
              <span className={classes.label}>{filter.label}</span>
            ) : (
              <>
                {icon}
                <span className={classes.unseen}>{filter.label} </span>
              </>
            )}
            <span className={classes.said}>{said}</span>
            <IconChevronDown size={13} stroke={1.7} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={`Filter ${filter.label}`}>
          <FilterEditor
            filter={filter}
            params={params}
            onChange={onChange}
            isPinned={isPinned}
            onDone={() => {
              close(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {!isPinned && (
        <button
          type="button"
          className={classes.drop}
          aria-label={`Remove the filter ${filter.label}`}
          onClick={() => {
            onChange(withoutFilter(params, filter));
            onClosed();
          }}
        >
          <IconX size={12} stroke={1.7} aria-hidden />
        </button>
      )}
    </span>
  );
}
