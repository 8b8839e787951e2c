/** What to search for: conditions, or a text in one of three ways. */
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { SearchableField } from '../api/search';
import { askedOf, CRITERIA_LIMIT, type Criterion, type Draft, type Way } from '../lib/asked';
import { CriterionRow } from './criterion-row';
import classes from './search.module.css';

const WAYS: readonly { value: Way; label: string }[] = [
  { value: 'criteria', label: 'Conditions' },
  { value: 'word', label: 'Word' },
  { value: 'email', label: 'E-mail' },
  { value: 'phone', label: 'Phone' },
];

const HINTS: Record<Way, string> = {
  criteria: 'Up to 10 conditions. On text, “contains” finds parts of it.',
  word: 'Two letters at least, in any field of the deal.',
  email: 'The whole address.',
  phone: 'The number as the CRM holds it.',
};

type SearchFormProps = {
  start: Draft;
  fields: readonly SearchableField[];
  isBusy: boolean;
  onSearch: (draft: Draft) => void;
};

export function SearchForm({ start, fields, isBusy, onSearch }: SearchFormProps) {
  // A record's name is a likelier question than its id, which comes first.
  const first = fields.find(({ data_type: type }) => type === 'text') ?? fields[0];
  const empty = (): Criterion[] =>
    first?.operators[0] === undefined
      ? []
      : [{ field: first.api_name, operator: first.operators[0], values: [] }];
  const [draft, setDraft] = useState<Draft>(
    start.criteria.length > 0 ? start : { ...start, criteria: empty() },
  );
  const change = (part: Partial<Draft>): void => {
    setDraft((now) => ({ ...now, ...part }));
  };
  const isCriteria = draft.by === 'criteria';
  return (
    <form
      className={classes.form}
      role="search"
      aria-label="Search in the CRM"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(draft);
      }}
    >
      <div className={classes.ways}>
        <SegmentedControl
          aria-label="How to search"
          data={[...WAYS]}
          value={draft.by}
          onChange={(by) => {
            change({ by: by });
          }}
        />
        {isCriteria && draft.criteria.length > 1 && (
          <Select
            aria-label="How conditions are joined"
            allowDeselect={false}
            w={190}
            data={[
              { value: 'all', label: 'All of them hold' },
              { value: 'any', label: 'Any of them holds' },
            ]}
            value={draft.match}
            onChange={(match) => {
              change({ match: match === 'any' ? 'any' : 'all' });
            }}
          />
        )}
      </div>
      {isCriteria ? (
        draft.criteria.map((criterion, index) => (
          <CriterionRow
            // Conditions have no identity but their place.
            key={index}
            position={index + 1}
            criterion={criterion}
            fields={fields}
            onChange={(next) => {
              change({ criteria: draft.criteria.with(index, next) });
            }}
            onRemove={() => {
              change({ criteria: draft.criteria.toSpliced(index, 1) });
            }}
          />
        ))
      ) : (
        <TextInput
          className={classes.text ?? ''}
          aria-label={WAYS.find(({ value }) => value === draft.by)?.label}
          type={draft.by === 'email' ? 'email' : 'search'}
          maxLength={500}
          value={draft.text}
          onChange={(event) => {
            change({ text: event.currentTarget.value });
          }}
        />
      )}
      <div className={classes.actions}>
        {isCriteria && draft.criteria.length < CRITERIA_LIMIT && (
          <Button
            leftSection={<IconPlus size={15} stroke={1.7} aria-hidden />}
            onClick={() => {
              change({ criteria: [...draft.criteria, ...empty()] });
            }}
          >
            Condition
          </Button>
        )}
        <Button
          type="submit"
          variant="filled"
          loading={isBusy}
          disabled={askedOf(draft) === null}
          leftSection={<IconSearch size={15} stroke={1.7} aria-hidden />}
        >
          Search the CRM
        </Button>
        <p className={classes.hint}>{HINTS[draft.by]} Each page costs up to 3 credits.</p>
      </div>
    </form>
  );
}
