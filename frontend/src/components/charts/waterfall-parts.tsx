/** The parts that a waterfall has in each of its shapes: fills, what is pressed, marks, the break. */
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { counted } from '@/lib/format';
import { hatch } from './hatches';
import { formatExact, type Unit } from './scale';
import type { BarKind, Step, WaterfallBar } from './steps';
import classes from './waterfall.module.css';

/** In place of a link: what a press on a bar does. */
export type OnOpen = ((bar: WaterfallBar) => void) | undefined;

/** What each shape of a waterfall is given. */
export type ShapeProps = {
  steps: readonly Step[];
  unit: Unit;
  currency: string;
  onOpen: OnOpen;
};

/** How a kind of bar is painted: what is lost or reduced is hatched, so that colour is not alone. */
export const FILL: Record<BarKind, { fill: string; opacity?: number }> = {
  total: { fill: 'var(--pp-blue)' },
  added: { fill: 'var(--pp-blue)', opacity: 0.62 },
  reduced: { fill: hatch('amber') },
  won: { fill: 'var(--pp-green)' },
  lost: { fill: hatch('red') },
};

type OpenerProps = {
  currency: string;
  onOpen: OnOpen;
  bar: WaterfallBar;
  className: string | undefined;
  children: ReactNode;
};

/** The part of a bar that is pressed: the whole column, or its row. */
export function Opener({ bar, currency, onOpen, className, children }: OpenerProps) {
  const { label, kind, value, deals, note, mark, to } = bar;
  const said = [
    `${label}: ${currency} ${formatExact(value, currency, kind !== 'total')}`,
    counted(deals, 'deal'),
    note,
    mark,
  ]
    .filter(Boolean)
    .join(', ');
  if (deals > 0 && onOpen !== undefined) {
    return (
      <button
        type="button"
        className={className}
        title={said}
        aria-label={said}
        onClick={() => {
          onOpen(bar);
        }}
      >
        {children}
      </button>
    );
  }
  if (deals > 0 && to !== undefined) {
    return (
      <Link className={className} to={to} title={said} aria-label={said}>
        {children}
      </Link>
    );
  }
  return (
    <span className={className} role="img" aria-label={said}>
      {children}
    </span>
  );
}

export function Mark({ words }: { words: string | undefined }) {
  if (words === undefined) return null;
  return (
    <span className={classes.mark} title={words}>
      <IconAlertCircle size={13} stroke={1.8} aria-hidden />
    </span>
  );
}

/** Returns where a bar lies between two levels, as shares of the axis. */
export function shareOf(level: number, axis: { from: number; to: number }): number {
  return Math.min(1, Math.max(0, (level - axis.from) / (axis.to - axis.from)));
}

/** The sign that a bar is not drawn from zero. */
export function Break({ isUpright }: { isUpright: boolean }) {
  return (
    <path
      d={isUpright ? 'M0 5 L10 1 L20 5 L30 1 L40 5' : 'M5 0 L1 10 L5 20 L1 30 L5 40'}
      className={classes.break}
    />
  );
}
