import { expect, test } from 'vitest';
import { differenceWords, roundFigure, signedShare } from './differences';

test('a difference is told absolute and relative, and which way it goes', () => {
  expect(differenceWords({ absolute: 2_140_000.4, relative: 0.046046 })).toEqual({
    absolute: '+2,140,000',
    share: '+4.6%',
    direction: 'up',
  });
  expect(differenceWords({ absolute: -0.62, relative: null }, 1)).toEqual({
    absolute: '−0.6',
    share: null,
    direction: 'down',
  });
});

test('a difference that nobody would see is none', () => {
  expect(differenceWords({ absolute: 0.4, relative: 0.0000001 })).toEqual({
    absolute: '0',
    share: '0.0%',
    direction: 'none',
  });
  expect(signedShare(-0.0004)).toBe('0.0%');
  expect(signedShare(-0.036)).toBe('−3.6%');
});

test('large figures are rounded to hundredths of a million', () => {
  expect(roundFigure(3_210_400)).toBe('3.21 M');
  expect(roundFigure(-48_615_240)).toBe('−48.62 M');
  expect(roundFigure(999_999.4)).toBe('999,999');
});
