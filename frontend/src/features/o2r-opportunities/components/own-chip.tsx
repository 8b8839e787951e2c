/** A filter of opportunities: its name, what it says, and behind a press what can be chosen. */
import { Checkbox, Popover } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { type OwnFilter, toggled, wordsOf } from '../lib/own-filters';
import classes from './own-chip.module.css';

type OwnChipProps = {
  filter: OwnFilter;
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
};

export function OwnChip({ filter, params, onChange }: OwnChipProps) {
  const [isOpen, setOpen] = useState(false);
  const isSet = params.has(filter.key);
  const chosen = params.getAll(filter.key);
  return (
    <span className={classes.chip} data-set={isSet || undefined}>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        position="bottom-start"
        width={220}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={classes.set}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            <span className={classes.label}>{filter.label}</span>
            <span className={classes.said}>{wordsOf(filter, params)}</span>
            <IconChevronDown size={13} stroke={1.7} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={`Filter ${filter.label}`}>
          <div className={classes.options} role="group" aria-label={filter.label}>
            {filter.options.map(([value, word]) => (
              <Checkbox
                key={value}
                label={word}
                checked={chosen.includes(value)}
                onChange={() => {
                  onChange(toggled(filter, params, value));
                }}
              />
            ))}
          </div>
        </Popover.Dropdown>
      </Popover>
      {isSet && (
        <button
          type="button"
          className={classes.drop}
          aria-label={`Remove the filter ${filter.label}`}
          onClick={() => {
            const after = new URLSearchParams(params);
            after.delete(filter.key);
            onChange(after);
          }}
        >
          <IconX size={12} stroke={1.7} aria-hidden />
        </button>
      )}
    </span>
  );
}
