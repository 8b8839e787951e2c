import { expect, it } from 'vitest';
import type { ColumnLine } from '../api/queries';
import { chosenColumns, headOf, leastWidthOf, moved, tracksOf } from './columns';

function column(key: string, is_default: boolean): ColumnLine {
  return {
    key,
    label: key,
    kind: 'value',
    data_type: null,
    is_crm_field: false,
    is_default,
    is_sortable: true,
    has_facet: false,
    tests: [],
  };
}
const all = [column('name', true), column('value', true), column('weighted', false)];

it('shows the usual columns until somebody chooses, then theirs in their order', () => {
  expect(chosenColumns(all, null).map(({ key }) => key)).toEqual(['name', 'value']);
  expect(chosenColumns(all, ['weighted', 'crm.Gone', 'name']).map(({ key }) => key)).toEqual([
    'weighted',
    'name',
  ]);
});

it('moves a column no further than the ends', () => {
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a'], 'x', 1)).toEqual(['a']);
});

it('writes the base currency over values, and gives each column its track', () => {
  expect(all.map((each) => headOf(each, 'S$'))).toEqual(['name', 'S$', 'S$ weighted']);
  expect(leastWidthOf(all)).toBe(50 + 166 + 96 + 110 + 14);
  expect(tracksOf(all)).toBe('50px minmax(166px, 2fr) 96px 110px');
});
