/** One figure over the range: a line with gaps where nothing ran, or bars; no animation, no legend. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { formatClock, formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import { useWidth } from '@/lib/width';
import { type Point, stretches, ticksOf } from '../lib/series';
import classes from './small-chart.module.css';

const HEIGHT = 96;
const LANE = 52;
const LEAST_WIDTH = 200;
const DAY_MS = 86_400_000;

type SmallChartProps = {
  points: readonly Point[];
  /** Lines for what moves, bars for what is counted. */
  as: 'line' | 'bars';
  isError?: boolean;
  format: (value: number) => string;
  /** Writes a round value at the axis; `format` if left out. */
  tick?: (value: number) => string;
  /** The chart in a sentence. */
  conclusion: string;
  /** A bound that the scale has to hold, drawn as a line with its name. */
  limit?: { value: number; name: string };
};

export function SmallChart(props: SmallChartProps) {
  const { points, as, isError = false, format, conclusion, limit } = props;
  const { ref, width: measured } = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<number | null>(null);
  const width = Math.max(LEAST_WIDTH, measured - LANE);
  const step = width / points.length;
  const most = Math.max(0, limit?.value ?? 0, ...points.map(({ value }) => value ?? 0));
  const ticks = ticksOf(most);
  const top = ticks.at(-1) ?? 1;
  const y = (value: number): number => HEIGHT - (value / top) * (HEIGHT - 8);
  const x = (index: number): number => (index + 0.5) * step;
  const tickOf = props.tick ?? format;
  const shown = active === null ? undefined : points[active];

  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setActive(at > width ? null : Math.min(points.length - 1, Math.max(0, Math.floor(at / step))));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const by = event.key === 'ArrowLeft' ? -1 : 1;
    const from = active ?? (by === 1 ? -1 : points.length);
    setActive(Math.min(points.length - 1, Math.max(0, from + by)));
  };
  const quit = (): void => {
    setActive(null);
  };
  return (
    <div ref={ref} className={classes.chart}>
      <svg
        className={classes.plot}
        width={width + LANE}
        height={HEIGHT + 1}
        role="img"
        aria-label={conclusion}
        // The arrow keys go from part to part, as the pointer does.
        tabIndex={0}
        onPointerMove={onPointerMove}
        onPointerLeave={quit}
        onKeyDown={onKeyDown}
        onBlur={quit}
      >
        {[0, ...ticks].map((tick) => (
          <g key={tick}>
            <line
              className={classes.grid}
              x2={width}
              y1={Math.round(y(tick)) + 0.5}
              y2={Math.round(y(tick)) + 0.5}
              data-base={tick === 0}
            />
            {tick > 0 && (
              <text className={classes.figure} x={width + LANE} y={y(tick) + 4}>
                {tickOf(tick)}
              </text>
            )}
          </g>
        ))}
        {limit && (
          <line className={classes.limit} x2={width} y1={y(limit.value)} y2={y(limit.value)} />
        )}
        {as === 'bars'
          ? points.map(({ part, value }, index) =>
              value === null || value === 0 ? null : (
                <rect
                  key={part.since}
                  className={classes.bar}
                  data-error={isError}
                  x={x(index) - Math.max(1, step * 0.36)}
                  y={y(value)}
                  width={Math.max(2, step * 0.72)}
                  height={HEIGHT - y(value)}
                />
              ),
            )
          : stretches(points).map((stretch) => (
              <Line
                key={stretch[0]?.index}
                at={stretch.map(({ index, value }) => [x(index), y(value)] as const)}
              />
            ))}
        {active !== null && (
          <line className={classes.cross} x1={x(active)} x2={x(active)} y1={0} y2={HEIGHT} />
        )}
        {shown?.value != null && active !== null && (
          <circle className={classes.dot} cx={x(active)} cy={y(shown.value)} r={3} />
        )}
      </svg>
      <Axis points={points} width={width} />
      {shown && active !== null && (
        <span
          className={classes.tip}
          role="status"
          style={{ left: x(active), translate: `${(-100 * x(active)) / width}% 0` }}
        >
          <PartWords point={shown} format={format} />
        </span>
      )}
    </div>
  );
}

function Line({ at }: { at: readonly (readonly [number, number])[] }) {
  const [only] = at;
  if (at.length === 1 && only)
    return <circle className={classes.dot} cx={only[0]} cy={only[1]} r={2} />;
  return (
    <polyline className={classes.line} points={at.map((point) => point.join(',')).join(' ')} />
  );
}

function PartWords({ point, format }: { point: Point; format: (value: number) => string }) {
  const now = useNow('minute');
  const { since, until } = point.part;
  return (
    <>
      <strong>{point.value === null ? 'Nothing ran' : format(point.value)}</strong>
      <span>
        {formatWhen(new Date(since), now)} to {formatWhen(new Date(until), now)}
      </span>
    </>
  );
}

const dayOfMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

function Axis({ points, width }: { points: readonly Point[]; width: number }) {
  const first = points[0]?.part.since;
  const last = points.at(-1)?.part.until;
  if (first === undefined || last === undefined) return null;
  const length = Date.parse(last) - Date.parse(first);
  const nameOf = (at: number): string =>
    length > DAY_MS ? dayOfMonth.format(at) : formatClock(new Date(at));
  return (
    <span className={classes.axis} style={{ width }} aria-hidden>
      <span>{nameOf(Date.parse(first))}</span>
      <span>{nameOf(Date.parse(first) + length / 2)}</span>
      <span>now</span>
    </span>
  );
}
