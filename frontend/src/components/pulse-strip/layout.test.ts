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

  test('runs at the same moment stand side by side, the latest at its time', () => {
    const { bars } = layOut(
      pulse([run(9, 5_001), run(8.9, 416), run(5, 6), run(5, 1, { id: 'latest' })]),
      BOX,
    );

    expect(bars.map(({ run: { records_changed }, x }) => [records_changed, x])).toEqual([
      [5_001, 688],
      [416, 695],
      [6, 703],
      [1, 710],
    ]);
  });

  test('stand where their time is, oldest left', () => {
    const { bars } = layOut(pulse([run(24 * 60, 1), run(12 * 60, 1), run(0, 1)]), BOX);

    expect(bars.map(({ x }) => x)).toEqual([0, 356, 713]);
  });

  test('of too many in one place the failed one is kept, and the others are told', () => {
    const many = Array.from({ length: 12 }, (_, index) => run(60 - index, 500));
    many[3] = run(57, 0, { status: 'failed', id: 'failed' });

    const { bars } = layOut(pulse(many, 720), BOX);

    expect(bars.map(({ kind, others }) => [kind, others])).toEqual([
      ['failed', 7],
      ['plain', 0],
      ['plain', 0],
      ['plain', 0],
      ['last', 0],
    ]);
    expect(bars[0]?.run.id).toBe('failed');
  });

  test('of too many that went well the one with most changes is kept', () => {
    const many = Array.from({ length: 8 }, (_, index) => run(60 - index, index === 1 ? 900 : 8));

    const [first] = layOut(pulse(many, 720), BOX).bars;

    expect([first?.run.records_changed, first?.others]).toEqual([900, 3]);
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

  test('a very large load has fewer lines, so that their figures stand apart', () => {
    expect(layOut(pulse([run(90, 48_210), run(60, 12), run(30, 9)]), BOX).scale.ticks).toEqual([
      10, 1_000, 100_000,
    ]);
  });

  test('a pulse without runs has no bars', () => {
    expect(layOut(pulse([]), BOX).bars).toEqual([]);
  });

  test.each([1, 24, 168, 720])('fill their box and no more over %d hours', (hours) => {
    const runs = Array.from({ length: 500 }, (_, index) => run((index * hours * 60) / 500, index));
    const box = { width: 180, height: 18, narrowest: 1.5, widest: 4 };

    const { bars } = layOut(pulse(runs.reverse(), hours), box);

    expect({
      bars: bars.length,
      from: Math.min(...bars.map(({ x }) => x)),
      to: Math.max(...bars.map(({ x, width }) => x + width)),
      least: Math.min(...bars.map(({ height }) => height)),
      most: Math.max(...bars.map(({ height }) => height)),
      // A bar every 1.5 px, of which 0.5 px parts it from the next; 500 of 600 on the scale.
    }).toEqual({ bars: 120, from: 0, to: 179.5, least: 2, most: 15 });
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
