import { describe, expect, test } from 'vitest';
import {
  dealsAddress,
  narrowed,
  questionOf,
  withDefaults,
  withParam,
} from '@/lib/pipeline-address';
import { isSameView, viewQuery } from './address';

const at = (search: string) => new URLSearchParams(search);

describe('the address', () => {
  test.each([
    ['', 'closing=current_quarter&probability=presales&outcome=open'],
    ['country=India', 'country=India&closing=current_quarter&probability=presales&outcome=open'],
    ['closing=all&outcome=all', 'closing=all&outcome=all&probability=presales'],
    [
      'closing_to=2026-09-30&probability=sales&outcome=won',
      'closing_to=2026-09-30&probability=sales&outcome=won',
    ],
  ])('%s gets the limits that it does not name', (search, whole) => {
    expect(withDefaults(at(search)).toString()).toBe(whole);
  });

  test('becomes a question with its moments', () => {
    expect(
      questionOf(at('closing=all&outcome=all&as_of=2026-08-10T00:00:00Z&rows=owner&open=x')),
    ).toEqual({ closing: 'all', as_of: '2026-08-10T00:00:00Z' });
    expect(questionOf(at('compared_with=2026-08-01T00:00:00Z&outcome=open'))).toEqual({
      outcome: ['open'],
      compared_with: '2026-08-01T00:00:00Z',
    });
  });

  test('takes and drops one parameter', () => {
    expect(withParam(at('a=1'), 'rows', 'owner').toString()).toBe('a=1&rows=owner');
    expect(withParam(at('a=1&rows=owner'), 'rows', null).toString()).toBe('a=1');
  });
});

describe('a group of the pivot', () => {
  test.each([
    ['country=India&country=Japan&stage=Won', 'country=India', 'stage=Won&country=India'],
    [
      'closing=current_quarter',
      'closing_from=2026-07-01&closing_to=2026-07-31',
      'closing_from=2026-07-01&closing_to=2026-07-31',
    ],
    [
      'field=Seats:min:10&field=Tools:is:AWS',
      'field=Tools%3Ais%3ASAP',
      'field=Seats%3Amin%3A10&field=Tools%3Ais%3ASAP',
    ],
    ['owner=1', 'country=', 'owner=1&country='],
  ])('%s narrowed to %s', (search, filter, expected) => {
    expect(narrowed(at(search), filter).toString()).toBe(expected);
  });
});

describe('the deals behind a figure', () => {
  test('are found by the same filters; what sets no limit is left out', () => {
    const params = at('closing=all&probability=presales&outcome=all&country=India&rows=owner');
    expect(dealsAddress(params)).toBe('/deals?probability=presales&country=India');
    expect(dealsAddress(at('closing=all&outcome=all'))).toBe('/deals');
  });

  test('are of the same moment, and may be narrowed further', () => {
    const params = at('outcome=open&currency=USD&as_of=2026-08-10T00:00:00Z');
    expect(dealsAddress(params, { currency: ['LKR', ''] })).toBe(
      '/deals?outcome=open&currency=LKR&currency=&as_of=2026-08-10T00%3A00%3A00Z',
    );
  });
});

describe('a view', () => {
  test('keeps filters, moments and layout, the defaults written out, and no open rows', () => {
    expect(viewQuery(at('country=India&rows=owner&open=India&closing=all'))).toBe(
      'closing=all&probability=presales&country=India&outcome=open&rows=owner',
    );
  });

  test('is the same in any order, and with its defaults said or not', () => {
    expect(isSameView('country=India&rows=owner', 'outcome=open&rows=owner&country=India')).toBe(
      true,
    );
    expect(isSameView('country=India', 'country=Japan')).toBe(false);
    expect(isSameView('stage=a&stage=b', 'stage=b&stage=a')).toBe(true);
  });
});
