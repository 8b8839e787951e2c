import { describe, expect, it } from 'vitest';
import type { BulkSession, Preview } from '../api/bulk';
import { becoming, chosenBy, exceptions, namesOf, outcome } from './words';

const NOW = new Date(2026, 7, 17, 8, 42);
const COUNTS = { waiting: 0, sent: 0, done: 0, unchanged: 0, failed: 0, left_alone: 0 };

const previewed = (some: Partial<Preview>) =>
  exceptions({ unchanged: 0, left_alone: 0, will_fail: 0, ...some } as Preview);

const ended = (some: Partial<BulkSession['counts']>, status: BulkSession['status'] = 'completed') =>
  outcome({ counts: { ...COUNTS, ...some }, status });

describe('a bulk operation in words', () => {
  it('names its fields up to two, and counts more', () => {
    expect(namesOf(['Stage'])).toBe('Stage');
    expect(namesOf(['Stage', 'Owner'])).toBe('Stage and Owner');
    expect(namesOf(['Stage', 'Owner', 'Country'])).toBe('3 fields');
  });

  it('says what fields become, and which are emptied', () => {
    const stage = { kind: 'choice', choice: { value: 'neg', label: 'Negotiation' } } as const;
    expect(
      becoming(
        [
          { label: 'Stage', after: stage },
          { label: 'Next Step', after: null },
        ],
        NOW,
      ),
    ).toBe('Stage becomes Negotiation. Next Step is emptied.');
  });

  it('says why not all deals change, one reason a sentence', () => {
    expect(previewed({})).toEqual([]);
    expect(previewed({ unchanged: 1, left_alone: 2, will_fail: 36 })).toEqual([
      '1 has these values already.',
      '2 are left alone: somebody’s edit waits there.',
      '36 cannot take their values.',
    ]);
  });

  it('says what it came to; what waits is not written once it has ended', () => {
    expect(ended({ done: 4_776, failed: 20, left_alone: 12, unchanged: 4 })).toBe(
      '4,776 deals changed, 20 failed, 12 left alone, 4 had these values already.',
    );
    expect(ended({ done: 1, waiting: 3 }, 'cancelled')).toBe('1 deal changed, 3 not written.');
    expect(ended({ done: 1, waiting: 3 }, 'in_progress')).toBe('1 deal changed.');
  });

  it('says how its deals were chosen, and opens those of a filter', () => {
    expect(chosenBy('filter: stage=Won&q=a')).toEqual({
      words: 'by a filter',
      search: 'stage=Won&q=a',
    });
    expect(chosenBy('filter: all deals')).toEqual({ words: 'all deals', search: '' });
    expect(chosenBy('1,200 by id')).toEqual({ words: 'by ID', search: null });
    expect(chosenBy('custom view 5540')).toEqual({ words: 'by a view of the CRM', search: null });
  });
});
