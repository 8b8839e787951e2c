/** How a number went: a line without an axis, one hue, a dot at its end. */
import type { Hue } from '@/theme/palette';
import classes from './sparkline.module.css';

const WIDTH = 54;
const HEIGHT = 22;
const MARGIN = 3;

type SparklineProps = {
  /** Oldest first; what is not known is left out of the line. */
  points: readonly (number | null)[];
  /** Grey without one. */
  hue?: Hue;
  /** What it shows and how it went, as a sentence. */
  label: string;
};

export function Sparkline({ points, hue, label }: SparklineProps) {
  const known = points.flatMap((value, place) => (value === null ? [] : [{ value, place }]));
  const last = known.at(-1);
  // One point is no line.
  if (last === undefined || known.length < 2) return null;
  const least = Math.min(...known.map(({ value }) => value));
  const span = Math.max(...known.map(({ value }) => value)) - least;
  const x = (place: number): number =>
    MARGIN + (place / (points.length - 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number =>
    span === 0 ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - least) / span) * (HEIGHT - 2 * MARGIN);
  const path = known
    .map(
      ({ value, place }, at) =>
        `${at === 0 ? 'M' : 'L'}${x(place).toFixed(1)} ${y(value).toFixed(1)}`,
    )
    .join(' ');
  return (
    <svg
      className={classes.line}
      data-hue={hue}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <path d={path} fill="none" />
      <circle cx={x(last.place)} cy={y(last.value)} r={2} />
    </svg>
  );
}
