/** The axes of a large pulse: lines of changes with their figures, and the time under the bars. */
import type { Schema } from '@/lib/api';
import { formatClock, formatWhole } from '@/lib/format';
import { type Scale, timeTicks } from './layout';
import classes from './pulse-strip.module.css';

type GridProps = { scale: Scale; width: number; height: number };

export function Grid({ scale, width, height }: GridProps) {
  return (
    <g>
      {[0, ...scale.ticks].map((tick) => {
        // Half a pixel: a hairline lies on one row of them.
        const y = Math.max(0.5, Math.round(height - scale.heightOf(tick) * height) - 0.5);
        return (
          <g key={tick}>
            <line className={classes.grid} x1={0} x2={width} y1={y} y2={y} data-base={tick === 0} />
            {tick > 0 && (
              <text className={classes.figure} x={width + 40} y={y + 4}>
                {formatWhole(tick)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const dayOfMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const DAY_MS = 86_400_000;

export function TimeAxis({ pulse, width }: { pulse: Schema['Pulse']; width: number }) {
  const since = new Date(pulse.since);
  const until = new Date(pulse.until);
  const length = until.getTime() - since.getTime();
  const isLong = length > DAY_MS;
  const nameOf = (at: Date): string => (isLong ? dayOfMonth.format(at) : formatClock(at));
  const isOtherDay = since.toDateString() !== until.toDateString();
  const first = isLong
    ? dayOfMonth.format(since)
    : `${isOtherDay ? `${weekday.format(since)} ` : ''}${formatClock(since)}`;
  return (
    <span className={classes.axis} style={{ width }} aria-hidden>
      <span style={{ left: 0 }}>{first}</span>
      {timeTicks(since, until, width).map((at) => (
        <span
          key={at.toISOString()}
          className={classes.tick}
          style={{ left: `${((at.getTime() - since.getTime()) / length) * 100}%` }}
        >
          {nameOf(at)}
        </span>
      ))}
      <span style={{ right: 0 }}>now</span>
    </span>
  );
}
