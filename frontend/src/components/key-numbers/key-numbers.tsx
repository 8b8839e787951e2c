/** The strip of key numbers under a page's heading: five at most, between two hairlines. */
import { Skeleton, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Hue } from '@/theme/palette';
import classes from './key-numbers.module.css';

export function KeyNumbers({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.strip} aria-label={label}>
      {children}
    </ul>
  );
}

type KeyNumberProps = {
  label: string;
  /** A key square, only where the number has one of the five meanings. */
  hue?: Hue;
  /** Paints the value itself, for states such as Syncing or an overdue date. */
  valueHue?: Hue;
  value: ReactNode;
  /** Small and dim before the value: `S$`. */
  unit?: string;
  /** Small and soft after it: `of 92,000 credits`. */
  of?: ReactNode;
  /** One line under it: the change, or the fact that matters. */
  fact?: ReactNode;
  factHue?: Hue;
  /** A sparkline at the right, where history helps. */
  spark?: ReactNode;
  /** Opens the records behind the number. */
  to?: string;
  /** In place of an address: what opens them. */
  onOpen?: () => void;
  /** Definition, rates and moment, on hover and focus. */
  about?: ReactNode;
  isLoading?: boolean;
};

export function KeyNumber(props: KeyNumberProps) {
  const { label, hue, value, valueHue, unit, of, fact, factHue, spark, to, about, isLoading } =
    props;
  const { onOpen } = props;
  const figure = (
    <span className={classes.value} data-hue={valueHue}>
      {unit !== undefined && <span className={classes.unit}>{unit}</span>}
      {value}
      {of !== undefined && <span className={classes.of}>{of}</span>}
    </span>
  );
  return (
    <li className={classes.cell}>
      <span className={classes.label}>
        {hue && <span className={classes.key} data-hue={hue} aria-hidden />}
        {label}
        {about !== undefined && (
          <Tooltip label={about} multiline maw={320}>
            <button type="button" className={classes.about} aria-label={`About ${label}`}>
              <IconInfoCircle size={14} stroke={1.7} aria-hidden />
            </button>
          </Tooltip>
        )}
      </span>
      <span className={classes.main}>
        {isLoading ? (
          <Skeleton className={classes.waiting} height={25} width="70%" my={4} />
        ) : to !== undefined ? (
          <Link className={classes.link} to={to}>
            {figure}
          </Link>
        ) : onOpen !== undefined ? (
          <button type="button" className={classes.link} onClick={onOpen}>
            {figure}
          </button>
        ) : (
          figure
        )}
        {spark !== undefined && <span className={classes.spark}>{spark}</span>}
      </span>
      <span className={classes.fact} data-hue={factHue}>
        {isLoading ? <Skeleton height={12} width="45%" my={3} /> : fact}
      </span>
    </li>
  );
}
