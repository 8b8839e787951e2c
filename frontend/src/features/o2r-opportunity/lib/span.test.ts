import { describe, expect, it } from 'vitest';
import { OPPORTUNITY } from '../testing';
import { spanOf } from './span';

describe('the axis of milestones', () => {
  it('shows all that is known, with air at both ends', () => {
    const { place } = spanOf(OPPORTUNITY);
    // 232 days from creation to payment, and 3 % of them at each end.
    expect(place('2026-03-09')).toBeCloseTo(0.03 / 1.06);
    expect(place('2026-10-27')).toBeCloseTo(1.03 / 1.06);
  });

  it('marks the first days of months, and no more than can be read', () => {
    const { ticks } = spanOf(OPPORTUNITY);
    expect(ticks.map(({ day }) => day)).toEqual([
      '2026-04-01',
      '2026-05-01',
      '2026-06-01',
      '2026-07-01',
      '2026-08-01',
      '2026-09-01',
      '2026-10-01',
      '2026-11-01',
    ]);
    const [first] = OPPORTUNITY.phases;
    if (first === undefined) throw new Error('the example has phases');
    const long = spanOf({
      ...OPPORTUNITY,
      phases: [{ ...first, starts_on: '2020-01-15' }, ...OPPORTUNITY.phases.slice(1)],
    });
    expect(long.ticks.filter(({ isYear }) => isYear).map(({ day }) => day)).toEqual([
      '2020-01-01',
      '2021-01-01',
      '2022-01-01',
      '2023-01-01',
      '2024-01-01',
      '2025-01-01',
      '2026-01-01',
      '2027-01-01',
    ]);
  });

  it('is wide enough for a deal that was created today', () => {
    const only = { ...OPPORTUNITY, phases: [] };
    expect(spanOf(only).place('2026-08-17')).toBeCloseTo(0.03 / 1.06);
    expect(spanOf(only).place('2026-10-16')).toBeCloseTo(1.03 / 1.06);
  });
});
