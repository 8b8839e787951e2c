/** What the open deals bring a day, with the four figures that make it. */
import { Link } from 'react-router';
import { counted, formatShare, formatWhole, symbolOf } from '@/lib/format';
import type { Stages } from '../../api/stages';
import { dealsAddress } from '@/lib/pipeline-address';
import { daysWords } from './words';
import classes from './stages.module.css';

const WIDE = ['closing', 'closing_from', 'closing_to', 'probability', 'stage', 'outcome'];

/** Returns the address without the filters that choose nothing among stages. */
function passing(params: URLSearchParams): URLSearchParams {
  const wide = new URLSearchParams(params);
  for (const name of WIDE) wide.delete(name);
  return wide;
}

export function Velocity({ stages, params }: { stages: Stages; params: URLSearchParams }) {
  const { velocity, basis, won, lost } = stages;
  const { a_day: aDay, win_rate: rate, average_size: size, cycle_days: days } = velocity;
  const symbol = symbolOf(basis.base_currency);
  const open = (
    <Link to={dealsAddress(passing(params), { outcome: ['open'] })}>
      {counted(velocity.open_deals, 'open deal')}
    </Link>
  );
  return (
    <p className={classes.velocity}>
      {aDay === null || rate === null || size === null || days === null ? (
        <>
          {open}. There is no velocity: it needs deals that were won in these twelve months, and
          open ones with a value.
        </>
      ) : (
        <>
          <strong>
            {symbol} {formatWhole(aDay)} a day
          </strong>{' '}
          = {open} × {formatShare(rate, 0)} won × {symbol} {formatWhole(size)} average ÷{' '}
          {daysWords(days)} from creation to win
        </>
      )}
      {lost.median_days !== null && (
        <span className={classes.beside}>
          {' '}
          {formatWhole(won.deals)} won in this time; {formatWhole(lost.deals)} lost, after{' '}
          {daysWords(lost.median_days)} in the middle
        </span>
      )}
    </p>
  );
}
