import { describe, expect, it } from 'vitest';
import type { ColumnLine } from '@/lib/queries/deals';
import { filtersOf } from '@/lib/deal-filters';
import {
  allFilters,
  choicesOf,
  conditionsOf,
  type Filter,
  hasPast,
  isSet,
  withChoices,
  withConditions,
  withoutFilter,
  withoutLimit,
  withToggled,
  wordsOfFilter,
} from './filters';

const NOW = new Date(2026, 7, 17, 8, 42);
const NO_NAMES = new Map<string, string>();
const at = (search: string) => new URLSearchParams(search);

function crmField(key: string, has_facet: boolean): ColumnLine {
  return {
    key,
    label: key.slice(4),
    kind: has_facet ? 'choices' : 'number',
    data_type: null,
    is_crm_field: true,
    is_default: false,
    is_sortable: true,
    has_facet,
    tests: ['is', 'min', 'max', 'empty', 'filled'],
  };
}

const filters = allFilters([crmField('crm.Seats', false), crmField('crm.Tools', true)], {
  hasText: true,
});
function filter(key: string): Filter {
  const found = filters.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no filter ${key}`);
  return found;
}
const said = (key: string, search: string, names: ReadonlyMap<string, string> = NO_NAMES) =>
  wordsOfFilter(at(search), filter(key), names, NOW);

describe('filters', () => {
  it('read in words', () => {
    expect(said('closing', 'closing=current_quarter')).toBe('Current quarter');
    expect(said('closing', 'closing_to=2026-09-30')).toMatch(
      /^until 30 Sep 2026$|^until Sep 30, 2026$/,
    );
    expect(said('probability', 'probability=presales')).toBe('Presales, 40 to 70 %');
    expect(said('state', 'state=conflict&state=error')).toBe('Conflict, Error');
    expect(said('value', 'value_from=1000&value_to=5000')).toBe('1,000 to 5,000');
    expect(said('value', 'value_to=5000')).toBe('≤ 5,000');
    expect(said('crm.Seats', 'field=Seats:min:10')).toBe('≥ 10');
    expect(said('crm.Seats', 'field=Seats:empty')).toBe('is empty');
  });

  it('name people where their names are known, and count them where not', () => {
    const names = new Map([['21', 'Priya Menon']]);
    expect(said('owner', 'owner=21&owner=', names)).toBe('Priya Menon, Empty');
    expect(said('owner', 'owner=21&owner=22', names)).toBe('2 values');
  });

  it('keep conditions on other fields when one changes', () => {
    const before = at('field=Seats:min:10&field=Tools:is:AWS&q=a');
    const after = withConditions(before, 'crm.Seats', [
      { test: 'min', value: '1' },
      { test: 'filled', value: '' },
    ]);
    expect(after.getAll('field')).toEqual(['Tools:is:AWS', 'Seats:min:1', 'Seats:filled']);
    expect(conditionsOf(after, 'crm.Seats')).toEqual([
      { test: 'min', value: '1' },
      { test: 'filled', value: '' },
    ]);
    expect(after.get('q')).toBe('a');
  });

  it('read a value that holds a colon whole', () => {
    expect(conditionsOf(at('field=Tools:is:a:b'), 'crm.Tools')).toEqual([
      { test: 'is', value: 'a:b' },
    ]);
  });

  it('choose values of a field of ours, and of the CRM', () => {
    const ours = withChoices(at('country=SG&q=a'), filter('country'), ['MY', '']);
    expect(ours.getAll('country')).toEqual(['MY', '']);
    const theirs = withChoices(at(''), filter('crm.Tools'), ['AWS', 'SAP']);
    expect(theirs.getAll('field')).toEqual(['Tools:is:AWS', 'Tools:is:SAP']);
    expect(choicesOf(theirs, filter('crm.Tools'))).toEqual(['AWS', 'SAP']);
    const empty = withChoices(theirs, filter('crm.Tools'), ['AWS', 'SAP', '']);
    expect(empty.getAll('field')).toEqual(['Tools:empty']);
    expect(choicesOf(empty, filter('crm.Tools'))).toEqual(['']);
  });

  it('are unset with all their parameters', () => {
    const both = at('closing_from=2026-01-01&closing_to=2026-02-01&stage=Won');
    expect(isSet(both, filter('closing'))).toBe(true);
    const without = withoutFilter(both, filter('closing'));
    expect(without.toString()).toBe('stage=Won');
    expect(isSet(without, filter('closing'))).toBe(false);
  });

  it('say that there is no limit where a page writes so', () => {
    expect(said('closing', 'closing=all')).toBe('All time');
    expect(said('probability', 'probability=all')).toBe('All, 0 to 100 %');
    expect(said('outcome', 'outcome=all')).toBe('Open, won and lost');
    expect(said('outcome', 'outcome=won&outcome=lost')).toBe('Won, Lost');
    expect(said('q', 'q=orchid+metro')).toBe('orchid metro');
    expect(withoutLimit(at('closing_from=2026-01-01&q=a'), filter('closing')).toString()).toBe(
      'q=a&closing=all',
    );
    expect(filtersOf(at('closing=all&probability=all&outcome=all'))).toEqual({
      closing: 'all',
      probability: ['all'],
    });
  });

  it('that always stand go from values to all, and from all to a value', () => {
    const toggled = (search: string, value: string, isPinned: boolean): string =>
      withToggled(at(search), 'outcome', value, isPinned).toString();
    expect(toggled('outcome=open', 'won', true)).toBe('outcome=open&outcome=won');
    expect(toggled('outcome=open', 'open', true)).toBe('outcome=all');
    expect(toggled('outcome=open', 'open', false)).toBe('');
    expect(toggled('outcome=all', 'lost', true)).toBe('outcome=lost');
    expect(toggled('outcome=open&outcome=won', 'all', true)).toBe('outcome=all');
  });

  it('tell which of them know the past', () => {
    expect(filters.filter((each) => !hasPast(each)).map(({ key }) => key)).toEqual([
      'changed_since',
      'state',
      'crm.Seats',
      'crm.Tools',
    ]);
  });
});
