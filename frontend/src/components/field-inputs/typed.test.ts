import { describe, expect, it } from 'vitest';
import { isDay, localMinute, readDay, readMoment } from './typed-day';
import { readNumber, showNumber } from './typed-number';

const TODAY = '2026-08-17';

describe('a typed number', () => {
  it.each([
    ['1350000', 'en-SG', '1350000'],
    ['1,350,000.50', 'en-SG', '1350000.50'],
    ['1 350 000', 'en-SG', '1350000'],
    ['12,50,00,000', 'en-IN', '125000000'],
    ['1.350.000,5', 'de', '1350000.5'],
    ['1.350', 'de', '1350'],
    ['1350.5', 'de', '1350.5'],
    ['-0.5', 'en-SG', '-0.5'],
    ['.5', 'en-SG', '0.5'],
    ['\u2212007', 'en-SG', '-7'],
    ['70 %', 'en-SG', '70'],
    ['9007199254740993.000000001', 'en-SG', '9007199254740993.000000001'],
    ['   ', 'en-SG', null],
  ])('%s in %s is %s', (typed, locale, number) => {
    expect(readNumber(typed, locale)).toBe(number);
  });

  it.each(['a lot', '1,35,0', '1.2.3', '1e5', '--1'])(
    'stays as it is where it is none: %s',
    (typed) => {
      expect(readNumber(typed, 'en-SG')).toBe(typed);
    },
  );

  it('is shown in groups, and a text that is no number as it is', () => {
    expect(showNumber('1350000.5')).toBe('1,350,000.5');
    expect(showNumber('a lot')).toBe('a lot');
  });
});

describe('a typed day', () => {
  it.each([
    ['2026-08-14', 'en-SG', '2026-08-14'],
    ['14 Aug', 'en-SG', '2026-08-14'],
    ['14 august 2025', 'en-SG', '2025-08-14'],
    ['Aug 14, 27', 'en-US', '2027-08-14'],
    ['14. Dezember', 'de', '2026-12-14'],
    ['3/4', 'en-SG', '2026-04-03'],
    ['3/4/26', 'en-US', '2026-03-04'],
    ['29 Feb 2028', 'en-SG', '2028-02-29'],
    ['today', 'en-SG', TODAY],
    ['Tomorrow', 'en-SG', '2026-08-18'],
    ['+30', 'en-SG', '2026-09-16'],
    ['-17', 'en-SG', '2026-07-31'],
    ['', 'en-SG', null],
  ])('%s in %s is %s', (typed, locale, day) => {
    expect(readDay(typed, TODAY, locale)).toBe(day);
  });

  it.each(['29 Feb 2026', '31/4', '14 Foo', '2026-13-01', 'soon', '8'])(
    'stays as it is where there is none such: %s',
    (typed) => {
      expect(readDay(typed, TODAY, 'en-SG')).toBe(typed);
    },
  );

  it('is one only in the form that the server takes', () => {
    expect(isDay('2026-08-14')).toBe(true);
    expect(isDay('2026-02-30')).toBe(false);
    expect(isDay('14 Aug')).toBe(false);
  });
});

describe('a typed moment', () => {
  it('is a time of day here, told in UTC', () => {
    const told = readMoment('14 Aug 2026, 17:20', TODAY, 'en-SG');
    expect(told).toBe(new Date(2026, 7, 14, 17, 20).toISOString().replace('.000Z', 'Z'));
    expect(localMinute(new Date(told ?? ''))).toBe('2026-08-14T17:20');
  });

  it('is the start of a day that is typed alone', () => {
    expect(localMinute(new Date(readMoment('tomorrow', TODAY) ?? ''))).toBe('2026-08-18T00:00');
  });

  it('stays as it is where there is none such', () => {
    expect(readMoment('14 Aug, 25:00', TODAY, 'en-SG')).toBe('14 Aug, 25:00');
    expect(readMoment('', TODAY)).toBeNull();
  });
});
