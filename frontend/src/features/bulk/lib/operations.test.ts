import { describe, expect, it } from 'vitest';
import { fitting, isTyped, mustType, whyTooMany } from './operations';

describe('an operation', () => {
  it.each([
    ['small_batch', 100, 101, 'A small batch takes at most 100 deals; 101 are chosen.'],
    ['mass_update', 50_000, 50_001, 'A mass update takes at most 50,000 deals; 50,001 are chosen.'],
    ['bulk_write', 25_000, 25_001, 'A bulk write takes at most 25,000 deals; 25,001 are chosen.'],
  ] as const)('%s takes %i deals, and names its limit for %i', (operation, most, over, words) => {
    expect(whyTooMany(operation, most)).toBeNull();
    expect(whyTooMany(operation, over)).toBe(words);
  });

  it('gives way to a mass update where it takes fewer deals than are chosen', () => {
    expect(fitting('small_batch', 100)).toBe('small_batch');
    expect(fitting('small_batch', 101)).toBe('mass_update');
    expect(fitting('bulk_write', 30_000)).toBe('mass_update');
  });
});

describe('the number that confirms', () => {
  it('is asked for above 1,000 deals', () => {
    expect([1_000, 1_001].map(mustType)).toEqual([false, true]);
  });

  it('counts with the separators of any locale, and no other number does', () => {
    for (const typed of ['4812', '4,812', '4.812', ' 4 812 ', "4'812"]) {
      expect(isTyped(typed, 4_812)).toBe(true);
    }
    for (const typed of ['', '481', '48120', '4812 deals']) {
      expect(isTyped(typed, 4_812)).toBe(false);
    }
  });
});
