/** The filters that the bar offers: what each is called, how it is chosen, and how it reads when set. */
import { counted, formatDayFull, formatNumber, formatWhen, formatWhole } from '@/lib/format';
import { RECORD_STATES } from '@/components/status/vocabulary';
import type { ColumnLine } from '@/lib/queries/deals';

type FilterKind =
  'closing' | 'bands' | 'outcomes' | 'facet' | 'text' | 'value' | 'since' | 'states' | 'compare';

/** What a page writes that has a default where there is to be no limit: the server has no defaults. */
export const ALL = 'all';

export type Filter = {
  /** A parameter of the address, or the key of a CRM field. */
  key: string;
  label: string;
  kind: FilterKind;
  column?: ColumnLine;
};

export const PERIODS: readonly [value: string, word: string][] = [
  ['current_month', 'Current month'],
  ['current_quarter', 'Current quarter'],
  ['next_quarter', 'Next quarter'],
  ['next_year_q1', 'Q1 of next year'],
  ['next_year_q2', 'Q2 of next year'],
  ['next_year_q3', 'Q3 of next year'],
  ['next_year_q4', 'Q4 of next year'],
];
export const BANDS: readonly [value: string, word: string][] = [
  ['active', 'Active Pipeline, 10 to 89 %'],
  ['sales', 'Sales, 10 to 39 %'],
  ['presales', 'Presales, 40 to 70 %'],
  ['deal_approval', 'Deal Approval, 71 to 80 %'],
  ['delivery', 'Delivery, 81 to 100 %'],
];
export const ALL_TIME = 'All time';
export const ALL_BANDS = 'All, 0 to 100 %';
export const ALL_OUTCOMES = 'Open, won and lost';
export const OUTCOMES: readonly [value: string, word: string][] = [
  ['open', 'Open'],
  ['won', 'Won'],
  ['lost', 'Lost'],
];
export const STATES: readonly [value: string, word: string][] = (
  ['synced', 'pending', 'conflict', 'error', 'deleted'] as const
).map((state) => [state, RECORD_STATES[state].word]);

const OWN: readonly Filter[] = [
  { key: 'closing', label: 'Closing', kind: 'closing' },
  { key: 'probability', label: 'Probability', kind: 'bands' },
  { key: 'outcome', label: 'Outcome', kind: 'outcomes' },
  { key: 'stage', label: 'Stage', kind: 'facet' },
  { key: 'owner', label: 'Owner', kind: 'facet' },
  { key: 'account', label: 'Account', kind: 'facet' },
  { key: 'country', label: 'Country', kind: 'facet' },
  { key: 'region', label: 'Region', kind: 'facet' },
  { key: 'value', label: 'Value', kind: 'value' },
  { key: 'currency', label: 'Currency', kind: 'facet' },
  { key: 'solution', label: 'Solution', kind: 'facet' },
  { key: 'funding', label: 'Funding', kind: 'facet' },
  { key: 'segment', label: 'Segment', kind: 'facet' },
  { key: 'changed_since', label: 'Changed', kind: 'since' },
  { key: 'state', label: 'Sync status', kind: 'states' },
];

/** Words to look for; pages with a search box have no chip for it. */
const TEXT: Filter = { key: 'q', label: 'Text', kind: 'text' };

export type Offered = {
  /** The page has no search box. */
  hasText?: boolean;
  /** Deals of a past moment: what has no history chooses none of them. */
  isPast?: boolean;
};

const HAS_NO_PAST = new Set(['state', 'changed_since']);

/** Returns the filters that a page offers: our own first, then those on the CRM's further fields. */
export function allFilters(
  columns: readonly ColumnLine[],
  { hasText = false }: Offered = {},
): Filter[] {
  const further = columns
    .filter(({ is_crm_field }) => is_crm_field)
    .map((column): Filter => {
      const kind = column.has_facet ? 'facet' : 'compare';
      return { key: column.key, label: column.label, kind, column };
    });
  return [...OWN, ...(hasText ? [TEXT] : []), ...further];
}

/** Whether a filter can choose deals of a past moment. */
export const hasPast = ({ key, column }: Filter): boolean =>
  column === undefined && !HAS_NO_PAST.has(key);

const API_NAME = /^crm\./;

/** A condition on a CRM field as the parameter `field` writes it. */
export type Condition = { test: string; value: string };

/** Returns the conditions that an address has on a CRM field. */
export function conditionsOf(params: URLSearchParams, key: string): Condition[] {
  const name = `${key.replace(API_NAME, '')}:`;
  return params
    .getAll('field')
    .filter((each) => each.startsWith(name))
    .map((each) => {
      const [test = '', ...value] = each.slice(name.length).split(':');
      return { test, value: value.join(':') };
    });
}

/** Returns the address with other conditions on a CRM field. */
export function withConditions(
  params: URLSearchParams,
  key: string,
  conditions: readonly Condition[],
): URLSearchParams {
  const name = key.replace(API_NAME, '');
  const after = new URLSearchParams(params);
  const others = params.getAll('field').filter((each) => !each.startsWith(`${name}:`));
  after.delete('field');
  for (const each of others) after.append('field', each);
  for (const { test, value } of conditions) {
    const isAlone = test === 'empty' || test === 'filled';
    after.append('field', isAlone ? `${name}:${test}` : `${name}:${test}:${value}`);
  }
  return after;
}

/** Returns the chosen values of a facet; an empty one means that the field is empty. */
export function choicesOf(params: URLSearchParams, filter: Filter): string[] {
  if (filter.column === undefined) return params.getAll(filter.key);
  return conditionsOf(params, filter.key)
    .filter(({ test }) => test === 'is' || test === 'empty')
    .map(({ test, value }) => (test === 'empty' ? '' : value));
}

/** Returns the address with other values of a facet. */
export function withChoices(
  params: URLSearchParams,
  filter: Filter,
  values: readonly string[],
): URLSearchParams {
  if (filter.column !== undefined) {
    // "Empty" and a value cannot both hold of one field, so the last press counts.
    const last = values.at(-1) === '' ? [''] : values.filter((value) => value !== '');
    const conditions = last.map((value) => ({ test: value === '' ? 'empty' : 'is', value }));
    return withConditions(params, filter.key, conditions);
  }
  const after = new URLSearchParams(params);
  after.delete(filter.key);
  for (const value of values) after.append(filter.key, value);
  return after;
}

const PARAMETERS: Partial<Record<FilterKind, readonly string[]>> = {
  closing: ['closing', 'closing_from', 'closing_to'],
  value: ['value_from', 'value_to'],
};

/** Returns the address in which a filter that a page always shows sets no limit. */
export function withoutLimit(params: URLSearchParams, filter: Filter): URLSearchParams {
  const after = withoutFilter(params, filter);
  after.set(filter.key, ALL);
  return after;
}

/** Returns the address after a press on a fixed value; on a chip that always stands, none is all. */
export function withToggled(
  params: URLSearchParams,
  key: string,
  value: string,
  isPinned: boolean,
): URLSearchParams {
  const chosen = params.getAll(key).filter((each) => each !== ALL);
  const others = chosen.filter((each) => each !== value);
  const values =
    value === ALL ? [ALL] : others.length < chosen.length ? others : [...chosen, value];
  const after = new URLSearchParams(params);
  after.delete(key);
  for (const each of values.length === 0 && isPinned ? [ALL] : values) after.append(key, each);
  return after;
}

/** Returns the address without a filter. */
export function withoutFilter(params: URLSearchParams, filter: Filter): URLSearchParams {
  if (filter.column !== undefined) return withConditions(params, filter.key, []);
  const after = new URLSearchParams(params);
  for (const name of PARAMETERS[filter.kind] ?? [filter.key]) after.delete(name);
  return after;
}

export function isSet(params: URLSearchParams, filter: Filter): boolean {
  if (filter.column !== undefined) return conditionsOf(params, filter.key).length > 0;
  return (PARAMETERS[filter.kind] ?? [filter.key]).some((name) => params.has(name));
}

const word = (words: readonly [string, string][], value: string): string =>
  words.find(([known]) => known === value)?.[1] ?? value;

const TESTS: Record<string, string> = {
  is: '',
  contains: 'contains',
  min: '≥',
  max: '≤',
  empty: 'is empty',
  filled: 'is filled',
};

const severalWords = (words: readonly string[]): string =>
  words.length > 2 ? `${words[0] ?? ''} +${formatWhole(words.length - 1)}` : words.join(', ');

/** Returns what a set filter says behind its name; `labels` are names of values, where they are known. */
export function wordsOfFilter(
  params: URLSearchParams,
  filter: Filter,
  labels: ReadonlyMap<string, string>,
  now: Date,
): string {
  switch (filter.kind) {
    case 'closing': {
      const [from, to] = [params.get('closing_from'), params.get('closing_to')];
      if (from && to) return `${formatDayFull(from)} to ${formatDayFull(to)}`;
      if (from) return `from ${formatDayFull(from)}`;
      if (to) return `until ${formatDayFull(to)}`;
      const period = params.get('closing') ?? '';
      return period === ALL ? ALL_TIME : word(PERIODS, period);
    }
    case 'bands': {
      const bands = params.getAll('probability');
      if (bands.includes(ALL)) return ALL_BANDS;
      return severalWords(bands.map((band) => word(BANDS, band)));
    }
    case 'outcomes': {
      const outcomes = params.getAll('outcome');
      if (outcomes.includes(ALL)) return ALL_OUTCOMES;
      return severalWords(outcomes.map((outcome) => word(OUTCOMES, outcome)));
    }
    case 'text':
      return params.get('q') ?? '';
    case 'states':
      return severalWords(params.getAll('state').map((state) => word(STATES, state)));
    case 'since':
      return `since ${formatWhen(new Date(params.get('changed_since') ?? ''), now)}`;
    case 'value': {
      const [from, to] = [params.get('value_from'), params.get('value_to')];
      if (from && to) return `${formatNumber(from)} to ${formatNumber(to)}`;
      return from ? `≥ ${formatNumber(from)}` : `≤ ${formatNumber(to ?? '')}`;
    }
    case 'facet': {
      const values = choicesOf(params, filter);
      const known = values.map((value) => (value === '' ? 'Empty' : labels.get(value)));
      const named = known.filter((each) => each !== undefined);
      return named.length === values.length ? severalWords(named) : counted(values.length, 'value');
    }
    case 'compare':
      return conditionsOf(params, filter.key)
        .map(({ test, value }) => `${TESTS[test] ?? test} ${value}`.trim())
        .join(' and ');
  }
}
