/** Filters of the log, kept in the URL: person, action, kind of thing, and from when to when. */
import { Button, MultiSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { auditChoicesQuery } from '../api/audit';
import type { Search } from '../lib/search';
import { named } from '../lib/setting-kind';
import { actionWords } from '../lib/words';
import classes from './audit.module.css';

export const NO_FILTERS = {
  person: null,
  action: null,
  kind: null,
  subject: null,
  since: null,
  before: null,
};

const DAY_MS = 86_400_000;

/** Returns the start of a local day, so many days later, as the API takes it. */
function startOf(day: string, later = 0): string | null {
  if (day === '') return null;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** Returns the local day of a moment, as a date field takes it. */
function dayOf(moment: string | null, earlier = 0): string {
  if (moment === null) return '';
  const at = new Date(new Date(moment).getTime() - earlier * DAY_MS);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

type AuditFiltersProps = { search: Search; isFiltered: boolean };

export function AuditFilters({ search, isFiltered }: AuditFiltersProps) {
  const { data: choices } = useQuery(auditChoicesQuery);
  const { person, action, kind, since, before } = search.audit;
  return (
    <div className={classes.filters} role="group" aria-label="Filters">
      <MultiSelect
        size="xs"
        label="Person"
        placeholder={person.length === 0 ? 'Everybody' : ''}
        searchable
        clearable
        data={(choices?.people ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={[...person]}
        onChange={(chosen) => {
          search.go({ person: chosen });
        }}
      />
      <MultiSelect
        size="xs"
        label="Action"
        placeholder={action.length === 0 ? 'Any' : ''}
        searchable
        clearable
        data={(choices?.actions ?? []).map((each) => ({ value: each, label: actionWords(each) }))}
        value={[...action]}
        onChange={(chosen) => {
          search.go({ action: chosen });
        }}
      />
      <MultiSelect
        size="xs"
        label="On"
        placeholder={kind.length === 0 ? 'Anything' : ''}
        clearable
        data={(choices?.kinds ?? []).map((each) => ({ value: each, label: named(each) }))}
        value={[...kind]}
        onChange={(chosen) => {
          search.go({ kind: chosen });
        }}
      />
      <TextInput
        label="From"
        type="date"
        value={dayOf(since)}
        onChange={(event) => {
          search.go({ since: startOf(event.currentTarget.value) });
        }}
      />
      <TextInput
        label="To"
        type="date"
        // The API's end is not part of the range; the day that is shown is.
        value={dayOf(before, 1)}
        onChange={(event) => {
          search.go({ before: startOf(event.currentTarget.value, 1) });
        }}
      />
      {isFiltered && (
        <Button
          onClick={() => {
            search.go(NO_FILTERS);
          }}
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}
