import { describe, expect, test } from 'vitest';
import {
  counted,
  formatAge,
  formatAmount,
  formatDay,
  formatDuration,
  formatMoment,
  formatNumber,
  formatShare,
  formatSigned,
  formatWhen,
  parseDay,
  placesOf,
} from './format';

test('figures keep every digit that the server sent', () => {
  expect(formatNumber('12345678901234567.89')).toBe('12,345,678,901,234,567.89');
  expect(formatAmount('1350000', 'SGD', { cents: true })).toBe('1,350,000.00');
  expect(formatAmount('19840000000', 'IDR', { cents: true })).toBe('19,840,000,000');
});

test('the minus is a minus and deltas always carry their sign', () => {
  expect(formatSigned(-611200)).toBe('−611,200');
  expect(formatSigned('2140000')).toBe('+2,140,000');
  expect(formatSigned(0)).toBe('0');
});

test.each([
  [0.5, '50.0%'],
  [0.99996, '99.9%'],
  [1, '100.0%'],
  [0.00008, '0.008%'],
  [0, '0.0%'],
])('a share of %d reads %s: never rounded up to all', (share, words) => {
  expect(formatShare(share)).toBe(words);
});

test.each([
  [0.94, '0.9 s'],
  [40.9, '40 s'],
  [160, '2 min 40 s'],
  [720, '12 min'],
  [8_040, '2 h 14 min'],
  [63 * 86_400, '63 days'],
])('%d seconds read %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

describe('a moment is told as briefly as it can be', () => {
  const now = new Date(2026, 7, 17, 8, 42, 38);
  test.each([
    [new Date(2026, 7, 17, 8, 41, 58), '40 s ago'],
    [new Date(2026, 7, 17, 8, 30, 0), '12 min'],
    [new Date(2026, 7, 17, 6, 27, 0), '06:27'],
    [new Date(2026, 7, 14, 17, 20, 0), 'Aug 14'],
    [new Date(2025, 7, 14, 17, 20, 0), 'Aug 14, 2025'],
    [new Date(2026, 7, 17, 8, 42, 40), '0 s ago'],
  ])('%s reads %s', (moment, words) => {
    expect(formatMoment(moment, now)).toBe(words);
  });

  test('with its time where the day alone would not do', () => {
    expect(formatWhen(new Date(2026, 7, 14, 17, 20), now)).toBe('Aug 14, 17:20');
    expect(formatWhen(new Date(2026, 7, 17, 6, 27), now)).toBe('06:27');
  });
});

test('a closing date stays the day it is in every time zone', () => {
  expect(parseDay('2026-08-14').getDate()).toBe(14);
  expect(formatDay('2026-08-14', new Date(2026, 0, 1))).toBe('Aug 14');
});

test('currencies without cents show none, and unknown ones two places', () => {
  expect(['SGD', 'JPY', 'IDR', 'VND', '??'].map(placesOf)).toEqual([2, 0, 0, 0, 2]);
});

test('counts agree with their nouns', () => {
  expect(counted(1, 'deal')).toBe('1 deal');
  expect(counted(48_210, 'deal')).toBe('48,210 deals');
  expect(counted(2, 'currency', 'currencies')).toBe('2 currencies');
});

test.each([
  [-3, '0 s ago'],
  [59.9, '59 s ago'],
  [133, '2 min ago'],
  [8_040, '2 h ago'],
  [200_000, '2 days ago'],
])('an age of %d s is told in its largest unit', (seconds, words) => {
  expect(formatAge(seconds)).toBe(words);
});
