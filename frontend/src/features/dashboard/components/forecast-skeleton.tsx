/** Months before they are known, at their final size. */
import { Skeleton } from '@mantine/core';
import classes from './forecast.module.css';

export const PLOT_HEIGHT = 150;
export const FORECAST_HEIGHT = 204;

const HEIGHTS = [54, 38, 30, 44, 88, 62, 40];

export function ForecastSkeleton() {
  return (
    <div style={{ height: FORECAST_HEIGHT }} aria-hidden>
      <div className={classes.waiting} style={{ height: PLOT_HEIGHT }}>
        {HEIGHTS.map((height) => (
          <Skeleton key={height} height={`${height}%`} className={classes.month} />
        ))}
      </div>
    </div>
  );
}
