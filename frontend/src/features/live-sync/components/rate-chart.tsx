import { useElementSize } from '@mantine/hooks';
import { hatch } from '@/components/charts/hatches';
import { formatDuration, formatNumber, formatWhole } from '@/lib/format';
import type { RateOverTime } from '../api/queries';
import { type Point, type RateShape, type Rest, shapeOf } from '../lib/rate';
import classes from './rate-chart.module.css';

const HEIGHT = 206;
const TOP = 22;
const BOTTOM = 24;
const LANE = 58;
const UNMEASURED = 560;
/** Below this many pixels the words "to go" do not fit into the hatched rest. */
const ROOM_FOR_WORDS = 84;

type RateChartProps = {
  history: RateOverTime;
  rest: Rest | null;
  toGo: number | null;
  /** The conclusion in words. */
  label: string;
};

export function RateChart({ history, rest, toGo, label }: RateChartProps) {
  const { ref, width: measured } = useElementSize();
  const width = measured || UNMEASURED;
  const shape = shapeOf(history, rest);
  const x = (at: number): number => (at / shape.span) * (width - LANE);
  const y = (rate: number): number =>
    TOP + (1 - Math.min(rate / shape.top, 1)) * (HEIGHT - TOP - BOTTOM);
  const line = shape.past.map(({ at, rate }) => `${x(at)},${y(rate)}`).join(' ');
  const now = shape.past.at(-1) ?? { at: 0, rate: 0 };
  return (
    <div ref={ref} className={classes.chart}>
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        <Axes shape={shape} width={width} x={x} y={y} />
        <polygon className={classes.area} points={`0,${y(0)} ${line} ${x(now.at)},${y(0)}`} />
        <polyline className={classes.past} points={line} />
        {shape.expected && <Expected {...shape.expected} toGo={toGo} x={x} y={y} />}
        <circle className={classes.now} cx={x(now.at)} cy={y(now.rate)} r={3.5} />
        <Waits history={history} shape={shape} x={x} y={y} />
      </svg>
    </div>
  );
}

type Scales = { x: (at: number) => number; y: (rate: number) => number };

function Axes({ shape, width, x, y }: Scales & { shape: RateShape; width: number }) {
  return (
    <g aria-hidden>
      {shape.marksY.map((mark) => (
        <g key={mark}>
          <line
            className={mark === 0 ? classes.axis : classes.grid}
            x1={0}
            x2={width - LANE}
            y1={y(mark)}
            y2={y(mark)}
          />
          {mark > 0 && (
            <text className={classes.mark} x={width} y={y(mark) + 4} textAnchor="end">
              {formatWhole(mark)}
            </text>
          )}
        </g>
      ))}
      {shape.marksX.map((mark) => (
        <text
          key={mark}
          className={classes.mark}
          x={x(mark)}
          y={HEIGHT - 6}
          textAnchor={mark === 0 ? 'start' : 'middle'}
        >
          {mark < 60 ? `${formatNumber(mark)} s` : formatDuration(mark)}
        </text>
      ))}
    </g>
  );
}

type ExpectedProps = Scales & { from: Point; until: number; toGo: number | null };

function Expected({ from, until, toGo, x, y }: ExpectedProps) {
  const left = x(from.at);
  const room = x(until) - left;
  return (
    <g aria-hidden>
      <rect
        x={left}
        y={y(from.rate)}
        width={room}
        height={y(0) - y(from.rate)}
        fill={hatch('purple')}
        opacity={0.55}
      />
      <line
        className={classes.expected}
        x1={left}
        x2={x(until)}
        y1={y(from.rate)}
        y2={y(from.rate)}
      />
      <line className={classes.end} x1={x(until)} x2={x(until)} y1={y(from.rate)} y2={y(0)} />
      <line className={classes.today} x1={left} x2={left} y1={TOP - 12} y2={y(0)} />
      {toGo !== null && toGo > 0 && room >= ROOM_FOR_WORDS && (
        <text className={classes.toGo} x={left + room / 2} y={y(from.rate) - 7} textAnchor="middle">
          {formatWhole(toGo)} to go
        </text>
      )}
    </g>
  );
}

function Waits({ history, shape, x, y }: Scales & { history: RateOverTime; shape: RateShape }) {
  const [named] = [...history.waits].sort((one, other) => other.wait_s - one.wait_s);
  return (
    <g aria-hidden>
      {history.waits.map((wait) => (
        <line
          key={`${wait.at_s} ${wait.step ?? ''}`}
          className={classes.wait}
          x1={x(wait.at_s)}
          x2={x(wait.at_s)}
          y1={y(0) - 6}
          y2={y(0)}
        />
      ))}
      {named && (
        <text
          className={classes.waited}
          x={x(named.at_s)}
          y={y(0) - 10}
          textAnchor={named.at_s > shape.span / 2 ? 'end' : 'start'}
        >
          {named.http_status ?? 'No answer'}, waited
        </text>
      )}
    </g>
  );
}
