import { expect, test } from 'vitest';
import { conclusionOf, roundStep, shapeOf } from './rate';

const history = {
  window_s: 1,
  samples: [
    { at_s: 1, rate: 2_000 },
    { at_s: 2, rate: 5_800 },
  ],
  waits: [{ at_s: 1.5, wait_s: 1.2, http_status: 429, step: 'slice 2' }],
};

test('a run that goes on spans what was and what is expected', () => {
  const shape = shapeOf(history, { left: 6, rate: 4_060 });
  expect(shape.past).toEqual([
    { at: 0, rate: 0 },
    { at: 1, rate: 2_000 },
    { at: 2, rate: 5_800 },
  ]);
  expect(shape.expected).toEqual({ from: { at: 2, rate: 4_060 }, until: 8 });
  expect([shape.span, shape.top]).toEqual([8, 6_000]);
  expect(shape.marksX).toEqual([0, 2, 4, 6, 8]);
  expect(shape.marksY).toEqual([0, 2_000, 4_000, 6_000]);
});

test('a run that is over, or whose end is unknown, expects nothing', () => {
  expect(shapeOf(history, null).expected).toBeNull();
  expect(shapeOf(history, { left: 0, rate: 4_060 }).expected).toBeNull();
  expect(shapeOf(history, null).span).toBe(2);
});

test('a run without samples has axes all the same', () => {
  const shape = shapeOf({ window_s: 1, samples: [], waits: [] }, null);
  expect([shape.span, shape.top, shape.past]).toEqual([1, 1, [{ at: 0, rate: 0 }]]);
  expect(shape.marksY).toEqual([0]);
});

test.each([
  [12, 4, 4],
  [5_800, 3, 2_000],
  [0.9, 4, 0.4],
  [100, 4, 40],
])('marks over %d, at most %d, are %d apart', (span, most, step) => {
  expect(roundStep(span, most)).toBeCloseTo(step);
});

test('the conclusion names the highest rate and the number of waits', () => {
  expect(conclusionOf(history)).toEqual({ highest: 5_800, waits: 1 });
});
