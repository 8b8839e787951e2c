import { describe, expect, test } from 'vitest';
import type { Schema } from '@/lib/api';
import { layOut, timeTicks } from './layout';

type Run = Schema['PulseRun'];

const UNTIL = Date.parse('2026-08-17T00:42:00Z');
const BOX = { width: 720, height: 100, narrowest: 3, widest: 16 };

const run = (minutesAgo: number, changed: number, more: Partial<Run> = {}): Run => ({
  id: `run-${minutesAgo}`,
  module: 'Deals',
  sync_type: 'incremental',
  trigger: 'schedule',
  status: 'completed',
  created_at: new Date(UNTIL - minutesAgo * 60_000).toISOString(),
  started_at: null,
  completed_at: null,
  records_changed: changed,
  credits_used: 2,
  stands_for: 1,
  ...more,
});

const pulse = (runs: Run[], hours = 24): Schema['Pulse'] => ({
  since: new Date(UNTIL - hours * 3_600_000).toISOString(),
  until: new Date(UNTIL).toISOString(),
  total_runs: runs.length,
  failed_runs: 0,
  last_failed_at: null,
  records_changed: 0,
  credits_used: 0,
  runs,
});

describe('the bars of a pulse', () => {
  test('a day of runs every 15 minutes has a bar each', () => {
    const runs = Array.from({ length: 96 }, (_, index) => run(24 * 60 - 1 - index * 15, 10));

    expect(layOut(pulse(runs), BOX).bars).toHaveLength(96);
  });

  test('a schedule that is up to three minutes early or late still has a bar a run', () => {
    const runs = Array.from({ length: 96 }, (_, index) =>
      run(24 * 60 - 8 - index * 15 + ((index % 5) - 2) * 1.5, 10),
    );

    expect(layOut(pulse(runs), BOX).bars).toHaveLength(96);
  });

  test('stand where their time is, oldest left', () => {
    const { bars } = layOut(pulse([run(24 * 60, 1), run(12 * 60, 1), run(0, 1)]), BOX);

    expect(bars.map(({ x }) => x)).toEqual([0, 352.5, 712.5]);
  });

  test('of two in one place the failed one is kept, and the other is told', () => {
    const { bars } = layOut(
      pulse([run(3, 500), run(2, 0, { status: 'failed', id: 'failed' }), run(1, 800)], 720),
      BOX,
    );

    expect(bars.map(({ run: { id }, kind, others }) => [id, kind, others])).toEqual([
      ['failed', 'failed', 2],
    ]);
  });

  test('of two that went well the one with more changes is kept', () => {
    const { bars } = layOut(pulse([run(3, 500, { stands_for: 4 }), run(2, 8)], 720), BOX);

    expect(bars.map(({ run: { records_changed }, others }) => [records_changed, others])).toEqual([
      [500, 4],
    ]);
  });

  test('the last one is marked, as running while it runs', () => {
    const ended = layOut(pulse([run(60, 5), run(30, 5)]), BOX).bars;
    const running = layOut(pulse([run(60, 5), run(30, 5, { status: 'in_progress' })]), BOX).bars;

    expect(ended.map(({ kind }) => kind)).toEqual(['plain', 'last']);
    expect(running.map(({ kind }) => kind)).toEqual(['plain', 'open']);
  });

  test('are as high as what they changed, and seen even if that was nothing', () => {
    const { bars, scale } = layOut(pulse([run(90, 0), run(60, 30), run(30, 57)]), BOX);

    expect(scale).toMatchObject({ isLogarithmic: false, ticks: [20, 40, 60] });
    expect(bars.map(({ height }) => height)).toEqual([2, 50, 95]);
  });

  test('one load of thousands makes the scale logarithmic, so that the day stays to be seen', () => {
    const { bars, scale } = layOut(pulse([run(90, 5_000), run(60, 12), run(30, 9)]), BOX);

    expect(scale).toMatchObject({ isLogarithmic: true, ticks: [10, 100, 1_000, 10_000] });
    expect(bars.map(({ height }) => height)).toEqual([92, 28, 25]);
  });

  test('a pulse without runs has no bars', () => {
    expect(layOut(pulse([]), BOX).bars).toEqual([]);
  });

  test.each([1, 24, 168, 720])('stay within their box over %d hours', (hours) => {
    const runs = Array.from({ length: 500 }, (_, index) => run((index * hours * 60) / 500, index));
    const box = { width: 180, height: 18, narrowest: 1.5, widest: 4 };

    const { bars } = layOut(pulse(runs.reverse(), hours), box);

    expect(bars.length).toBeLessThanOrEqual(120);
    for (const { x, width, height } of bars) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(180.001);
      expect(height).toBeLessThanOrEqual(18);
    }
  });
});

test.each([
  { hours: 1, width: 720, names: ['15', '30', '45'] },
  { hours: 24, width: 720, names: ['14', '20', '2'] },
  { hours: 24, width: 310, names: ['20', '2'] },
])('the axis of $hours h in $width px names round times where there is room', (axis) => {
  const until = axis.hours === 1 ? new Date(2026, 7, 17, 9, 2) : new Date(2026, 7, 17, 8, 42);
  const since = new Date(until.getTime() - axis.hours * 3_600_000);

  const ticks = timeTicks(since, until, axis.width);

  expect(ticks.map((at) => String(axis.hours === 1 ? at.getMinutes() : at.getHours()))).toEqual(
    axis.names,
  );
});
