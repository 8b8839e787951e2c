/** How far a run is, as bars: one a slice, or one for all. */
import { formatShare } from '@/lib/format';
import classes from './segments.module.css';

/** A part of a run that goes on beside the others. */
export type Slice = { key: string; loaded: number; total: number; is_done: boolean };

type SegmentsProps = {
  slices: readonly Slice[];
  percentage: number;
  /** A slice as people read it. */
  wordsOf?: (key: string) => string;
};

const shareOf = ({ loaded, total, is_done: isDone }: Slice): number =>
  isDone ? 1 : total === 0 ? 0 : Math.min(loaded / total, 0.999);

export function Segments({ slices, percentage, wordsOf = String }: SegmentsProps) {
  if (slices.length < 2) {
    return (
      <div className={classes.bar} role="presentation">
        <span className={classes.fill} style={{ width: `${percentage}%` }} />
      </div>
    );
  }
  return (
    <ul className={classes.slices} aria-label="Slices">
      {slices.map((slice) => (
        <li key={slice.key} className={classes.slice}>
          <div className={classes.bar}>
            <span className={classes.fill} style={{ width: `${shareOf(slice) * 100}%` }} />
          </div>
          <span className={classes.label}>
            {wordsOf(slice.key)}{' '}
            <span className={classes.share}>
              {slice.is_done
                ? formatShare(1, 0)
                : formatShare(Math.floor(shareOf(slice) * 100) / 100, 0)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
