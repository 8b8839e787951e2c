/** The page's first sentence: how the pipeline moved, and what needs a person. */
import type { UseQueryResult } from '@tanstack/react-query';
import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { counted, formatWhole } from '@/lib/format';
import { asOf, isOld } from '@/lib/mirror-age';
import { dealsAddress } from '@/lib/pipeline-address';
import type { Movement } from '@/lib/queries/movement';
import type { Numbers } from '@/lib/queries/pipeline';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { NeedyDeals } from '../api/queries';
import type { Asked } from '../lib/asked';
import { CONFLICTS, needyDeals } from '../lib/links';
import { isUsual, movedWords, nothingToDo, roundMoney, sinceWords } from '../lib/words';
import classes from './morning-line.module.css';

type MorningLineProps = {
  asked: Asked;
  current: CurrentStatus | undefined;
  numbers: UseQueryResult<Numbers>;
  movement: UseQueryResult<Movement>;
  attention: UseQueryResult<NeedyDeals>;
  now: Date;
};

export function MorningLine(props: MorningLineProps) {
  const { asked, current, numbers, movement, attention, now } = props;
  // One sentence, said once: it waits for all of its parts, and does without those that failed.
  if (numbers.isPending || movement.isPending || attention.isPending || current === undefined) {
    return <Skeleton component="span" display="inline-block" h={14} w="min(520px, 90%)" />;
  }
  return (
    <>
      {numbers.data && (
        <>
          <Moved
            asked={asked}
            current={current}
            numbers={numbers.data}
            moved={movement.data && movedWords(movement.data)}
            now={now}
          />{' '}
        </>
      )}
      <Needs asked={asked} current={current} count={attention.data?.count ?? null} now={now} />
    </>
  );
}

type MovedProps = {
  asked: Asked;
  current: CurrentStatus;
  numbers: Numbers;
  moved: string | undefined;
  now: Date;
};

function Moved({ asked, current, numbers, moved = '', now }: MovedProps) {
  const { basis, comparison, value } = numbers;
  if (value.absolute === null) return null;
  const since = sinceWords(comparison, asked.comparedWith, now);
  const when = isOld(current) && current.data_at !== null ? `${asOf(current.data_at, now)}, ` : '';
  return (
    <>
      {Math.round(value.absolute) === 0 ? (
        <>
          {capital(`${when}the value of the pipeline has not changed`)} since {since}
        </>
      ) : (
        <>
          {capital(`${when}pipeline is`)} {value.absolute > 0 ? 'up' : 'down'}{' '}
          <Link className={classes.link} to={dealsAddress(asked.params)}>
            {roundMoney(value.absolute, basis.base_currency)}
          </Link>{' '}
          since {since}
        </>
      )}
      {!isUsual(comparison, asked.comparedWith) && comparison.is_cut && ', when our history begins'}
      <span className={classes.moved}>{moved !== '' && `: ${moved}`}</span>.
    </>
  );
}

type NeedsProps = {
  asked: Asked;
  current: CurrentStatus;
  /** Deals that need somebody; null where that is not known. */
  count: number | null;
  now: Date;
};

function Needs({ asked, current: { conflicts }, count, now }: NeedsProps) {
  if (count === 0 && conflicts === 0) return <>{nothingToDo(now)}</>;
  const hasDeals = count !== null && count > 0;
  return (
    <>
      {hasDeals && (
        <>
          <Link className={classes.link} to={needyDeals(asked.anyPhaseParams)}>
            {counted(count, 'deal needs', 'deals need')} you
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
