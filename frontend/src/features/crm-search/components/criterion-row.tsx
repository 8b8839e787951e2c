/** One comparison: a field, how, and with what, typed by the field. */
import { ActionIcon, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { SearchableField } from '../api/search';
import type { Criterion } from '../lib/asked';
import { operatorWord } from '../lib/words';
import classes from './search.module.css';

const NUMBERS = new Set(['integer', 'currency', 'double', 'bigint', 'percent']);
const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

type CriterionRowProps = {
  position: number;
  criterion: Criterion;
  fields: readonly SearchableField[];
  onChange: (criterion: Criterion) => void;
  onRemove: () => void;
};

export function CriterionRow(props: CriterionRowProps) {
  const { position, criterion, fields, onChange } = props;
  const field = fields.find(({ api_name: name }) => name === criterion.field);
  return (
    <div className={classes.criterion} role="group" aria-label={`Condition ${position}`}>
      <Select
        aria-label="Field"
        searchable
        allowDeselect={false}
        value={criterion.field}
        data={fields.map(({ api_name: value, label }) => ({ value, label }))}
        onChange={(name) => {
          const chosen = fields.find(({ api_name: each }) => each === name);
          const operator = chosen?.operators[0];
          if (name !== null && operator !== undefined) {
            onChange({ field: name, operator, values: [] });
          }
        }}
      />
      <Select
        aria-label="Comparison"
        allowDeselect={false}
        value={criterion.operator}
        data={(field?.operators ?? []).map((value) => ({
          value,
          label: operatorWord(value, field?.data_type ?? ''),
        }))}
        onChange={(operator) => {
          if (operator !== null) onChange({ ...criterion, operator: operator, values: [] });
        }}
      />
      <div className={classes.values}>
        <Values {...props} field={field} />
      </div>
      <ActionIcon aria-label={`Remove condition ${position}`} onClick={props.onRemove}>
        <IconX size={15} stroke={1.7} aria-hidden />
      </ActionIcon>
    </div>
  );
}

type ValuesProps = CriterionRowProps & { field: SearchableField | undefined };

function Values({ criterion, field, onChange }: ValuesProps) {
  const { operator, values } = criterion;
  const options = field?.data_type === 'boolean' ? YES_NO : (field?.options ?? []);
  const set = (next: string[]): void => {
    onChange({ ...criterion, values: next });
  };
  if (options.length > 0 && operator === 'in') {
    return (
      <MultiSelect aria-label="Values" searchable data={options} value={values} onChange={set} />
    );
  }
  if (options.length > 0 && operator !== 'starts_with') {
    return (
      <Select
        aria-label="Value"
        searchable
        data={options}
        value={values[0] ?? null}
        onChange={(value) => {
          set(value === null ? [] : [value]);
        }}
      />
    );
  }
  if (operator === 'in') {
    return (
      <TagsInput
        aria-label="Values"
        placeholder="Enter after each"
        maxTags={100}
        value={values}
        onChange={set}
      />
    );
  }
  const labels = operator === 'between' ? ['From', 'To'] : ['Value'];
  return labels.map((label, index) => (
    <TextInput
      key={label}
      aria-label={label}
      type={kindOf(field)}
      {...(NUMBERS.has(field?.data_type ?? '') && { step: 'any' })}
      value={shown(values[index] ?? '', field)}
      onChange={(event) => {
        const typed = stored(event.currentTarget.value, field);
        set(labels.map((_, each) => (each === index ? typed : (values[each] ?? ''))));
      }}
    />
  ));
}

function kindOf(field: SearchableField | undefined): string {
  if (field?.data_type === 'date') return 'date';
  if (field?.data_type === 'datetime') return 'datetime-local';
  return NUMBERS.has(field?.data_type ?? '') ? 'number' : 'text';
}

/** A moment is typed in the reader's own time and asked for in UTC. */
function stored(typed: string, field: SearchableField | undefined): string {
  if (field?.data_type !== 'datetime' || typed === '') return typed;
  return new Date(typed).toISOString();
}

function shown(value: string, field: SearchableField | undefined): string {
  if (field?.data_type !== 'datetime' || value === '') return value;
  const moment = new Date(value);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
