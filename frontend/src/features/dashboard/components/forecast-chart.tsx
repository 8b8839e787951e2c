/** The bars of revenue and forecast; each part of one opens its deals. */
import { ChartFrame } from '@/components/charts/chart-frame';
import { hatch } from '@/components/charts/hatches';
import { axisOf, formatExact, formatTick, stepOf, unitOf } from '@/components/charts/scale';
import { counted, formatNumber, formatWhole, NONE } from '@/lib/format';
import type { Revenue } from '../api/queries';
import { barsOf, conclusionOf, type MonthBar, type Part } from '../lib/months';
import { PLOT_HEIGHT } from './forecast-skeleton';
import type { OpenedRevenue } from './revenue-drawer';
import classes from './forecast.module.css';

const FILL: Record<Part['kind'], string> = {
  realised: 'var(--pp-green)',
  expected: hatch('purple'),
};
const WORDS: Record<Part['kind'], string> = { realised: 'Realised', expected: 'Weighted' };
const KINDS = ['realised', 'expected'] as const;
const LABEL = 18;

type ForecastChartProps = { revenue: Revenue; onOpen: (opened: OpenedRevenue) => void };

type DrawnProps = {
  bars: readonly MonthBar[];
  currency: string;
  open: (bar: MonthBar, part: Part) => void;
};

export function ForecastChart({ revenue, onOpen }: ForecastChartProps) {
  const bars = barsOf(revenue);
  const drawn: DrawnProps = {
    bars,
    currency: revenue.basis.base_currency,
    open: ({ first, last }, { kind, title, value, deals }) => {
      onOpen({ kind, first, last, title, value, deals: counted(deals, 'deal') });
    },
  };
  return (
    <ChartFrame
      conclusion={conclusionOf(revenue)}
      chart={<Columns {...drawn} />}
      table={<Table {...drawn} />}
    />
  );
}

function Columns({ bars, currency, open }: DrawnProps) {
  const unit = unitOf(bars.map(({ total }) => total));
  const axis = axisOf([0, ...bars.map(({ total }) => total)]);
  const step = axis.ticks.length > 1 ? (axis.ticks[1] ?? 1) - (axis.ticks[0] ?? 0) : stepOf(1, 1);
  const span = axis.to - axis.from;
  const height = (value: number): number => (Math.abs(value) / span) * (PLOT_HEIGHT - LABEL);
  return (
    <div className={classes.chart}>
      {axis.ticks.map((tick) => (
        <div
          key={tick}
          className={tick === 0 ? classes.base : classes.grid}
          style={{ top: PLOT_HEIGHT - height(tick) }}
          aria-hidden
        >
          {tick > 0 && <span className={classes.tick}>{formatTick(tick, step, unit)}</span>}
        </div>
      ))}
      <ol className={classes.months}>
        {bars.map((bar) => (
          <li key={bar.key} className={classes.column}>
            <div className={classes.stack} style={{ height: PLOT_HEIGHT }}>
              {bar.parts.map((part) => (
                <button
                  key={part.kind}
                  type="button"
                  className={classes.part}
                  data-kind={part.kind}
                  style={{ height: Math.max(2, height(part.value)) }}
                  title={said(part, currency)}
                  aria-label={said(part, currency)}
                  onClick={() => {
                    open(bar, part);
                  }}
                >
                  <svg width="100%" height="100%" aria-hidden focusable={false}>
                    <rect width="100%" height="100%" fill={FILL[part.kind]} />
                  </svg>
                </button>
              ))}
              {bar.parts.length > 0 && (
                <span className={classes.total} aria-hidden>
                  {formatNumber(bar.total / unit.divisor, unit.divisor > 1 ? 1 : 0)}
                </span>
              )}
            </div>
            <span
              className={classes.name}
              data-running={bar.isRunning || undefined}
              title={bar.name}
            >
              {bar.label}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const said = ({ title, value, deals }: Part, currency: string): string =>
  `${title}: ${currency} ${formatExact(value, currency, false)}, ${counted(deals, 'deal')}`;

function Table({ bars, currency, open }: DrawnProps) {
  return (
    <table className={classes.table} aria-label="Revenue and forecast by month">
      <thead>
        <tr>
          <th scope="col">Month</th>
          {KINDS.map((kind) => (
            <th key={kind} scope="col">
              {WORDS[kind]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row" data-running={bar.isRunning || undefined}>
              {bar.name}
            </th>
            {KINDS.map((kind) => {
              const part = bar.parts.find((each) => each.kind === kind);
              return (
                <td key={kind}>
                  {part === undefined ? (
                    NONE
                  ) : (
                    <button
                      type="button"
                      className={classes.open}
                      aria-label={said(part, currency)}
                      onClick={() => {
                        open(bar, part);
                      }}
                    >
                      {formatWhole(part.value)}
                    </button>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the fills mean, to stand beside the title. */
export function ForecastLegend() {
  return (
    <span className={classes.legend}>
      {KINDS.map((kind) => (
        <span key={kind} className={classes.entry}>
          <svg width={10} height={10} aria-hidden focusable={false}>
            <rect width={10} height={10} rx={2} fill={FILL[kind]} />
          </svg>
          {WORDS[kind]}
        </span>
      ))}
    </span>
  );
}
