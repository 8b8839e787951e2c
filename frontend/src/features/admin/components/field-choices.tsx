/** A choice for single fields of deals, where it differs from that of all others. */
import { ActionIcon, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { fieldsQuery } from '../api/fields';
import { choiceWords } from '../lib/choice-words';
import classes from './setting-row.module.css';

type Props = {
  settingKey: string;
  label: string;
  options: readonly (string | number | null)[];
  /** API name → choice. */
  value: Readonly<Record<string, unknown>>;
  onChange: (value: Readonly<Record<string, unknown>>) => void;
};

export function FieldChoices({ settingKey, label, options, value, onChange }: Props) {
  const fields = useQuery(fieldsQuery);
  const known = fields.data?.fields ?? [];
  const labelOf = (name: string): string =>
    known.find(({ api_name }) => api_name === name)?.label ?? name;
  const choices = options.map((option) => ({
    value: String(option),
    label: choiceWords(settingKey, option),
  }));
  const free = known.filter(({ api_name }) => !(api_name in value));
  return (
    <div className={classes.group} role="group" aria-label={label}>
      {Object.entries(value).map(([name, choice]) => (
        <Select
          key={name}
          label={labelOf(name)}
          allowDeselect={false}
          data={choices}
          value={String(choice)}
          onChange={(chosen) => {
            onChange({ ...value, [name]: chosen });
          }}
          rightSection={
            <ActionIcon
              aria-label={`Let ${labelOf(name)} follow all other fields`}
              onClick={() => {
                onChange(Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
              }}
            >
              <IconX size={14} stroke={1.7} aria-hidden />
            </ActionIcon>
          }
        />
      ))}
      <Select
        label="Add a field"
        placeholder={fields.isError ? 'The fields could not be read' : 'Name of a field'}
        searchable
        value={null}
        data={free.map((field) => ({ value: field.api_name, label: field.label }))}
        onChange={(name) => {
          if (name !== null) onChange({ ...value, [name]: choices[0]?.value });
        }}
      />
    </div>
  );
}
