/** What totals leave out for want of a rate: the sentence with the way to it, and the mark at a number. */
import { Tooltip } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { type MissingRate, missingRateWords } from '@/lib/missing-rates';
import classes from './missing-rates.module.css';

type MissingRatesProps = {
  missing: readonly MissingRate[];
  /** Returns the address of the deals in some currencies; an empty one is for deals without any. */
  to: (currencies: string[]) => string;
};

/** Nothing where no total leaves anything out. */
export function MissingRates({ missing, to }: MissingRatesProps) {
  const words = missingRateWords(missing);
  if (words === '') return null;
  return (
    <span className={classes.missing}>
      <IconAlertCircle size={14} stroke={1.8} aria-hidden />
      <span>
        {words} <Link to={to(missing.map(({ currency }) => currency ?? ''))}>Show them</Link>
      </span>
    </span>
  );
}

/** Stands beside each number that it touches. */
export function MissingRateMark({ missing }: { missing: readonly MissingRate[] }) {
  const words = missingRateWords(missing);
  if (words === '') return null;
  return (
    <Tooltip label={words} multiline maw={320}>
      <span className={classes.mark} role="img" aria-label={words}>
        <IconAlertCircle size={16} stroke={1.8} aria-hidden />
      </span>
    </Tooltip>
  );
}
