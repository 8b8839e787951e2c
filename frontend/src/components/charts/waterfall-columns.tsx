/** A waterfall as upright bars, axis labels in a lane of their own at the right. */
import { counted } from '@/lib/format';
import { axisOf, formatMark, formatTick, stepOf } from './scale';
import { Break, FILL, Mark, Opener, shareOf, type ShapeProps } from './waterfall-parts';
import classes from './waterfall.module.css';

const HEIGHT = 232;
/** Over the highest level, for its label. */
const TOP = 22;
const LABEL = 20;
/** Of a column: what its bar leaves free on each side. */
const MARGIN = 0.2;
const LEAST_BAR = 2;

const percent = (share: number): string => `${share * 100}%`;

export function WaterfallColumns({ steps, unit, currency, onOpen }: ShapeProps) {
  const axis = axisOf(
    steps.flatMap(({ bar, from, to }) => (bar.kind === 'total' ? [to] : [from, to])),
  );
  const y = (level: number): number => HEIGHT - shareOf(level, axis) * (HEIGHT - TOP);
  const step = axis.ticks.length > 1 ? (axis.ticks[1] ?? 1) - (axis.ticks[0] ?? 0) : stepOf(1, 1);
  const width = 1 / steps.length;
  return (
    <div className={classes.columns}>
      {axis.ticks.map((tick) => (
        <div key={tick} className={classes.grid} style={{ top: y(tick) }} aria-hidden />
      ))}
      <div className={classes.plot}>
        <svg className={classes.drawing} height={HEIGHT} aria-hidden focusable={false}>
          {steps.map(({ bar, from, to }, place) => {
            const top = y(Math.max(from, to));
            const height = Math.max(LEAST_BAR, y(Math.min(from, to)) - top);
            const x = percent((place + MARGIN) * width);
            const isStill = bar.kind !== 'total' && bar.value === 0;
            return (
              <g key={bar.key}>
                {place + 1 < steps.length && (
                  <line
                    className={classes.connector}
                    x1={percent((place + 1 - MARGIN) * width)}
                    x2={percent((place + 1 + MARGIN) * width)}
                    y1={y(to)}
                    y2={y(to)}
                  />
                )}
                {isStill ? (
                  <line
                    className={classes.connector}
                    x1={x}
                    x2={percent((place + 1 - MARGIN) * width)}
                    y1={top}
                    y2={top}
                  />
                ) : (
                  <rect
                    x={x}
                    y={top}
                    width={percent((1 - 2 * MARGIN) * width)}
                    height={height}
                    rx={2}
                    {...FILL[bar.kind]}
                  />
                )}
                {axis.isBroken && bar.kind === 'total' && (
                  <svg
                    x={x}
                    y={HEIGHT - 15}
                    width={percent((1 - 2 * MARGIN) * width)}
                    height={6}
                    viewBox="0 0 40 6"
                    preserveAspectRatio="none"
                  >
                    <Break isUpright />
                  </svg>
                )}
              </g>
            );
          })}
          <line
            className={classes.base}
            x2="100%"
            y1={y(Math.max(0, axis.from))}
            y2={y(Math.max(0, axis.from))}
          />
        </svg>
        <ol className={classes.bars}>
          {steps.map(({ bar, from, to }) => (
            <li key={bar.key} className={classes.item}>
              <Opener {...{ bar, currency, onOpen }} className={classes.column}>
                <span className={classes.space} style={{ height: HEIGHT }}>
                  <span
                    className={classes.value}
                    style={{ top: Math.max(0, y(Math.max(from, to)) - LABEL) }}
                  >
                    {formatMark(bar.value, unit, bar.kind !== 'total')}
                    <Mark words={bar.mark} />
                  </span>
                </span>
                <span className={classes.name}>{bar.label}</span>
                <span className={classes.under}>{bar.note ?? counted(bar.deals, 'deal')}</span>
              </Opener>
            </li>
          ))}
        </ol>
      </div>
      <div className={classes.lane} aria-hidden>
        {axis.ticks
          .filter((tick) => tick !== axis.from || axis.from === 0)
          .map((tick) => (
            <span key={tick} className={classes.tick} style={{ top: y(tick) - 16 }}>
              {formatTick(tick, step, unit)}
            </span>
          ))}
      </div>
    </div>
  );
}
