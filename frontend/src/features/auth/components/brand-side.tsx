/** What stands beside the log-in form: the promise, and a strip drawn once, not of anybody's data. */
import { Mark } from '@/components/mark/mark';
import classes from './brand-side.module.css';

// Heights in percent of the strip: a working day and a night, as the header's pulse looks.
const BARS = [
  44, 24, 90, 55, 36, 90, 67, 29, 38, 77, 57, 85, 39, 98, 51, 54, 74, 73, 29, 63, 76, 43, 35, 75,
  44, 76, 54, 40, 91, 93, 65, 99, 77, 95, 68, 36, 95, 87, 28, 52, 36, 99, 42, 55, 69, 36, 61, 66,
  99, 44, 88, 63, 20, 11, 12, 13, 18, 11, 20, 18, 14, 13, 11, 16, 19, 12, 12, 17, 20, 14, 13, 20,
  11, 15, 18, 12, 13, 19, 11, 14, 20, 12, 13, 11, 19, 12, 14, 18, 11, 12, 13, 17, 11, 16, 20, 12,
  14, 18, 11, 15, 20, 12, 67, 62, 89,
];
const FAILED = 46;
const STEP = 5.7;
const WIDTH = 4;
const HEIGHT = 90;

export function BrandSide() {
  return (
    <aside className={classes.side} aria-label="About Pipeline Pulse">
      <p className={classes.brand}>
        <Mark size={24} />
        Pipeline Pulse
      </p>
      <div>
        <p className={classes.promise}>
          Your pipeline, to the cent
          <br />
          and to the second.
        </p>
        <p className={classes.what}>
          Zoho CRM deals, live in both directions. What moved, who moved it, and what it is worth
          today.
        </p>
        <svg
          className={classes.strip}
          viewBox={`0 0 ${String(BARS.length * STEP)} ${String(HEIGHT)}`}
          aria-hidden
          focusable={false}
        >
          {BARS.map((height, index) => (
            <rect
              key={index}
              x={index * STEP}
              y={HEIGHT - (height * HEIGHT) / 100}
              width={WIDTH}
              height={(height * HEIGHT) / 100}
              data-kind={
                index === FAILED ? 'failed' : index === BARS.length - 1 ? 'last' : undefined
              }
            />
          ))}
        </svg>
      </div>
      <p className={classes.foot}>Runs on your own servers. Your data stays there.</p>
    </aside>
  );
}
