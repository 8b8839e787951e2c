/** The page's first sentence: how the pipeline moved, and what needs a person. */
import { Link } from 'react-router';
import { counted, formatWhole } from '@/lib/format';
import { asOf, isOld } from '@/lib/mirror-age';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Dashboard } from '../api/queries';
import { CONFLICTS, openDeals, overdueDeals } from '../lib/links';
import { movedWords, nothingToDo, roundMoney, sinceWords } from '../lib/words';
import classes from './morning-line.module.css';

type MorningLineProps = { dashboard: Dashboard; current: CurrentStatus; now: Date };

export function MorningLine({ dashboard, current, now }: MorningLineProps) {
  return (
    <>
      <Moved dashboard={dashboard} current={current} now={now} />{' '}
      <Needs dashboard={dashboard} current={current} now={now} />
    </>
  );
}

function Moved({ dashboard, current, now }: MorningLineProps) {
  const { change, base_currency: base } = dashboard;
  if (change === null) return null;
  const moved = movedWords(change);
  const amount = change.value.absolute;
  const since = sinceWords(change, now);
  const when = isOld(current) && current.data_at !== null ? `${asOf(current.data_at, now)}, ` : '';
  return (
    <>
      {Math.round(amount) === 0 ? (
        <>
          {capital(`${when}the value of the pipeline has not changed`)} since {since}
        </>
      ) : (
        <>
          {capital(`${when}pipeline is`)} {amount > 0 ? 'up' : 'down'}{' '}
          <Link className={classes.link} to={openDeals(dashboard)}>
            {roundMoney(amount, base)}
          </Link>{' '}
          since {since}
        </>
      )}
      {change.is_cut && ', when our history begins'}
      {moved === '' ? '.' : `: ${moved}.`}
    </>
  );
}

function Needs({ dashboard, current, now }: MorningLineProps) {
  const { deals } = dashboard.overdue;
  const { conflicts } = current;
  if (deals === 0 && conflicts === 0) return <>{nothingToDo(now)}</>;
  return (
    <>
      {deals > 0 && (
        <>
          <Link className={classes.link} to={overdueDeals(dashboard)}>
            {counted(deals, 'deal')} {deals === 1 ? 'is' : 'are'} past closing
          </Link>
          {conflicts > 0 ? ', ' : '.'}
        </>
      )}
      {conflicts > 0 && (
        <>
          <Link className={classes.link} to={CONFLICTS}>
            {formatWhole(conflicts)} {conflicts === 1 ? 'conflict' : 'conflicts'}
          </Link>{' '}
          {conflicts === 1 ? 'waits' : 'wait'}.
        </>
      )}
    </>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
