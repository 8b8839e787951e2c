/** A waterfall: how a total became another, step by step; each bar opens the deals behind it. */
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { NothingHere } from '@/components/panel/query-panel';
import { ChartFrame } from './chart-frame';
import { unitOf } from './scale';
import { type BarKind, conclusionOf, isEmpty, isFlat, stepsOf, type WaterfallBar } from './steps';
import { WaterfallColumns } from './waterfall-columns';
import { FILL, type OnOpen } from './waterfall-parts';
import { WaterfallRows } from './waterfall-rows';
import { WaterfallTable } from './waterfall-table';
import classes from './waterfall.module.css';

export type WaterfallProps = {
  /** What stands at the beginning and the end, and what moved between, in order. */
  bars: readonly WaterfallBar[];
  currency: string;
  onOpen?: OnOpen;
  /** Said at the left under the chart. */
  note?: ReactNode;
};

/** Narrower, and names of bars would overlap. */
const LEAST_WIDTH = 520;

export function Waterfall({ bars, currency, onOpen, note }: WaterfallProps) {
  const { ref, width } = useElementSize();
  const steps = stepsOf(bars);
  const unit = unitOf(steps.flatMap(({ from, to }) => [from, to]));
  if (isEmpty(bars)) {
    return <NothingHere>Nothing was in this pipeline at either moment.</NothingHere>;
  }
  const isNarrow = width > 0 && width < LEAST_WIDTH;
  const Chart = isNarrow ? WaterfallRows : WaterfallColumns;
  return (
    <div ref={ref}>
      <ChartFrame
        conclusion={conclusionOf(bars, currency)}
        chart={<Chart {...{ steps, unit, currency, onOpen }} />}
        table={<WaterfallTable bars={bars} currency={currency} onOpen={onOpen} />}
        note={note ?? (isFlat(bars) ? 'Nothing moved between these moments.' : undefined)}
      />
    </div>
  );
}

const LEGEND: readonly [kind: BarKind, word: string][] = [
  ['added', 'added'],
  ['reduced', 'reduced'],
  ['won', 'won'],
  ['lost', 'lost'],
];

/** What the fills mean, to stand beside the title. */
export function WaterfallLegend() {
  return (
    <span className={classes.legend}>
      {LEGEND.map(([kind, word]) => (
        <span key={kind} className={classes.entry}>
          <svg width={10} height={10} aria-hidden focusable={false}>
            <rect width={10} height={10} rx={2} {...FILL[kind]} />
          </svg>
          {word}
        </span>
      ))}
    </span>
  );
}
