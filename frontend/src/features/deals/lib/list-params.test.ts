import { describe, expect, it } from 'vitest';
import { filtersOf, hasFilters, withoutFilters } from '@/lib/deal-filters';
import { listSearch, nextSort } from './list-params';

const at = (search: string) => new URLSearchParams(search);

describe('the table in the address', () => {
  it('reads single and several values as the API takes them', () => {
    expect(
      filtersOf(at('q=mei&country=SG&country=&country=SG&value_from=5&sort=name&columns=name&x=1')),
    ).toEqual({ q: 'mei', country: ['SG', ''], value_from: '5' });
  });

  it('hands a deal filters and order, and nothing else', () => {
    expect(listSearch(at('columns=name&stage=Won&sort=-value&field=Seats:min:1'))).toBe(
      'stage=Won&field=Seats%3Amin%3A1&sort=-value',
    );
  });

  it('clears filters and keeps order and columns', () => {
    const cleared = withoutFilters(at('q=a&state=error&sort=name&columns=name,value'));
    expect(cleared.toString()).toBe('sort=name&columns=name%2Cvalue');
    expect(hasFilters(cleared)).toBe(false);
    expect(hasFilters(at('state=error'))).toBe(true);
  });

  it('orders by a column, then the other way round, then as at first', () => {
    expect(nextSort('-changed_at', 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBe('-changed_at');
    expect(nextSort('-changed_at', 'changed_at')).toBe('changed_at');
    expect(nextSort('changed_at', 'changed_at')).toBe('-changed_at');
  });
});
