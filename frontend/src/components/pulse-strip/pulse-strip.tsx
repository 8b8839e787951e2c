/**
 * The pulse: one bar a run, thin to the pixel, failed ones always kept. Height is what the run changed,
 * red is failed, the last one is ink, blue while it runs. It links to Sync History; arrow keys go from
 * bar to bar, and in large a bar opens its run.
 */
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { Schema } from '@/lib/api';
import { formatClock } from '@/lib/format';
import { useNow } from '@/lib/now';
import { useWidth } from '@/lib/width';
import { type Bar, layOut } from './layout';
import classes from './pulse-strip.module.css';
import { Grid, TimeAxis } from './scale';
import { linesOf, summaryOf } from './words';

/** `header` is 180 × 18 without axes, `card` has a time axis, `chart` a grid as well. */
type PulseSize = 'header' | 'card' | 'chart';

const SIZES: Record<PulseSize, { height: number; narrowest: number; widest: number }> = {
  header: { height: 18, narrowest: 1.5, widest: 4 },
  card: { height: 36, narrowest: 2, widest: 8 },
  chart: { height: 100, narrowest: 3, widest: 16 },
};
const HEADER_WIDTH = 180;
/** The lane of its own in which the chart's figures stand, at the right. */
const LANE = 44;
const HISTORY = '/sync-status?tab=history';

type PulseStripProps = { pulse: Schema['Pulse']; size: PulseSize };

export function PulseStrip({ pulse, size }: PulseStripProps) {
  const { ref, width: measured } = useWidth<HTMLAnchorElement>();
  const now = useNow('minute');
  const tipId = useId();
  const [active, setActive] = useState<string | null>(null);
  const { height, narrowest, widest } = SIZES[size];
  const lane = size === 'chart' ? LANE : 0;
  const width = size === 'header' ? HEADER_WIDTH : Math.max(HEADER_WIDTH, measured - lane);
  const { bars, scale } = useMemo(
    () => layOut(pulse, { width, height, narrowest, widest }),
    [pulse, width, height, narrowest, widest],
  );
  const shown = bars.find(({ run }) => run.id === active);

  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setActive(nearest(bars, at)?.run.id ?? null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = keyed(event.key, bars, active);
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
  };
  const quit = (): void => {
    setActive(null);
  };
  return (
    <Link
      ref={ref}
      to={size === 'chart' && shown ? `${HISTORY}&run=${shown.run.id}` : HISTORY}
      className={classes.strip}
      data-size={size}
      aria-label={`${summaryOf(pulse, now)} Open Sync History.`}
      aria-describedby={shown ? tipId : undefined}
      onKeyDown={onKeyDown}
      onBlur={quit}
    >
      <svg
        className={classes.bars}
        width={width + lane}
        height={height}
        aria-hidden
        onPointerMove={onPointerMove}
        onPointerLeave={quit}
      >
        {size === 'chart' && <Grid scale={scale} width={width} height={height} />}
        {bars.map((bar) => (
          <rect
            key={bar.run.id}
            className={classes.bar}
            data-kind={bar.kind}
            data-active={bar === shown || undefined}
            x={bar.x}
            y={height - bar.height}
            width={bar.width}
            height={bar.height}
            rx={bar.width >= 5 ? 1 : 0}
          />
        ))}
        {size === 'chart' && <FailedLabel bars={bars} width={width} height={height} />}
      </svg>
      {size !== 'header' && <TimeAxis pulse={pulse} width={width} />}
      {shown && <Tip bar={shown} id={tipId} now={now} width={width} />}
    </Link>
  );
}

function Tip({ bar, id, now, width }: { bar: Bar; id: string; now: Date; width: number }) {
  const middle = bar.x + bar.width / 2;
  return (
    <span
      className={classes.tip}
      role="tooltip"
      id={id}
      // At the edges of the strip the tip stands inside them.
      style={{ left: middle, translate: `${-100 * Math.min(1, Math.max(0, middle / width))}% 0` }}
    >
      {linesOf(bar, now).map((line) => (
        <span key={line}>{line}</span>
      ))}
    </span>
  );
}

/** Names the last failed bar where it stands. */
function FailedLabel({
  bars,
  width,
  height,
}: {
  bars: readonly Bar[];
  width: number;
  height: number;
}) {
  const bar = bars.findLast(({ kind }) => kind === 'failed');
  if (!bar) return null;
  const middle = bar.x + bar.width / 2;
  const anchor = middle < 60 ? 'start' : middle > width - 60 ? 'end' : 'middle';
  return (
    <text className={classes.failed} x={middle} y={height - bar.height - 7} textAnchor={anchor}>
      {`Failed ${formatClock(new Date(bar.run.created_at))}`}
    </text>
  );
}

function nearest(bars: readonly Bar[], at: number): Bar | undefined {
  let found: Bar | undefined;
  let least = 12; // px: further away, nothing is meant
  for (const bar of bars) {
    const distance = Math.max(bar.x - at, at - bar.x - bar.width, 0);
    if (distance < least) {
      least = distance;
      found = bar;
    }
  }
  return found;
}

/** Returns the run that a key leads to, null for none; undefined if the key means nothing here. */
function keyed(
  key: string,
  bars: readonly Bar[],
  active: string | null,
): string | null | undefined {
  if (key === 'Escape') return active === null ? undefined : null;
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const here = bars.findIndex(({ run }) => run.id === active);
  const from = here === -1 ? (key === 'ArrowLeft' ? bars.length : -1) : here;
  const to = from + (key === 'ArrowLeft' ? -1 : 1);
  return bars[Math.max(0, Math.min(bars.length - 1, to))]?.run.id;
}
