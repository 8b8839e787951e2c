/** The date field of the CRM that stands for each of some names; without one the value is kept here. */
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { fieldsQuery } from '../api/fields';
import { named } from '../lib/setting-kind';
import classes from './setting-row.module.css';

type NamedFieldsProps = {
  label: string;
  names: readonly string[];
  /** Name → API name of a field. */
  value: Readonly<Record<string, unknown>>;
  onChange: (value: Readonly<Record<string, unknown>>) => void;
};

export function NamedFields({ label, names, value, onChange }: NamedFieldsProps) {
  const fields = useQuery(fieldsQuery);
  const dates = (fields.data?.fields ?? [])
    .filter(({ data_type: type }) => type === 'date' || type === 'datetime')
    .map((field) => ({ value: field.api_name, label: field.label }));
  return (
    <div className={classes.group} role="group" aria-label={label}>
      {names.map((name) => {
        const chosen = typeof value[name] === 'string' ? value[name] : null;
        // A field that was removed in the CRM is still what is stored.
        const isKnown = chosen === null || dates.some((each) => each.value === chosen);
        return (
          <Select
            key={name}
            label={named(name)}
            placeholder={fields.isError ? 'The fields could not be read' : 'Kept here'}
            searchable
            clearable
            data={isKnown ? dates : [...dates, { value: chosen, label: chosen }]}
            value={chosen}
            onChange={(field) => {
              const rest = Object.fromEntries(
                Object.entries(value).filter(([key]) => key !== name),
              );
              onChange(field === null ? rest : { ...rest, [name]: field });
            }}
          />
        );
      })}
    </div>
  );
}
