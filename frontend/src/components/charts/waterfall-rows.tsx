/** A waterfall as rows, where columns would be too narrow for their names. */
import { counted } from '@/lib/format';
import { axisOf, formatMark } from './scale';
import { Break, FILL, Mark, Opener, shareOf, type ShapeProps } from './waterfall-parts';
import classes from './waterfall.module.css';

const HEIGHT = 16;

const percent = (share: number): string => `${share * 100}%`;

export function WaterfallRows({ steps, unit, currency, onOpen }: ShapeProps) {
  const axis = axisOf(
    steps.flatMap(({ bar, from, to }) => (bar.kind === 'total' ? [to] : [from, to])),
  );
  return (
    <ol className={classes.rows}>
      {steps.map(({ bar, from, to }) => {
        const [left, right] = [Math.min(from, to), Math.max(from, to)].map((level) =>
          shareOf(level, axis),
        ) as [number, number];
        return (
          <li key={bar.key}>
            <Opener {...{ bar, currency, onOpen }} className={classes.row}>
              <span className={classes.who}>
                <span className={classes.name}>{bar.label}</span>
                <span className={classes.under}>{bar.note ?? counted(bar.deals, 'deal')}</span>
              </span>
              <svg className={classes.bar} height={HEIGHT} aria-hidden focusable={false}>
                {right > left ? (
                  <rect
                    x={percent(left)}
                    width={percent(Math.max(right - left, 0.005))}
                    height={HEIGHT}
                    rx={2}
                    {...FILL[bar.kind]}
                  />
                ) : (
                  <line
                    className={classes.connector}
                    x1={percent(left)}
                    x2={percent(left)}
                    y2={HEIGHT}
                  />
                )}
                {axis.isBroken && bar.kind === 'total' && (
                  <svg
                    x={10}
                    width={6}
                    height={HEIGHT}
                    viewBox="0 0 6 40"
                    preserveAspectRatio="none"
                  >
                    <Break isUpright={false} />
                  </svg>
                )}
              </svg>
              <span className={classes.figure}>
                <Mark words={bar.mark} />
                {formatMark(bar.value, unit, bar.kind !== 'total')}
              </span>
            </Opener>
          </li>
        );
      })}
    </ol>
  );
}
