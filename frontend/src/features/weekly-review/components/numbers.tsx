/** The week in five numbers, each against last week's; each opens its deals. */
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DataAge } from '@/components/key-numbers/data-age';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import {
  counted,
  formatAmount,
  formatShare,
  formatSigned,
  formatWhole,
  NONE,
  symbolOf,
} from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import type { Group, ReviewFigure, WeeklyReview } from '../api/queries';
import { GROUP_MEANING } from '../lib/words';
import classes from './numbers.module.css';

const LABEL = 'The week in numbers';

type NumbersProps = {
  review: WeeklyReview;
  current: CurrentStatus | undefined;
  now: Date;
  linkTo: (group: Group) => string;
};

export function Numbers({ review, current, now, linkTo }: NumbersProps) {
  const { figures, basis, week } = review;
  const { realised, at_risk: risk, open, won, lost, closed } = figures;
  const unit = symbolOf(basis.base_currency);
  const money = (amount: number): string => formatAmount(amount, basis.base_currency);
  // A past week rests on what was read since; only one that runs can be of old data.
  const fact = (words: ReactNode): ReactNode =>
    week.state === 'running' ? (
      <DataAge current={current} now={now}>
        {words}
      </DataAge>
    ) : (
      words
    );
  return (
    <KeyNumbers label={LABEL}>
      <KeyNumber
        label="Revenue realised"
        hue="green"
        unit={unit}
        value={money(realised.value)}
        to={linkTo('realised')}
        fact={fact(<Money figure={realised} isMoreGood />)}
        about={GROUP_MEANING.realised}
      />
      <KeyNumber
        label="Revenue at risk"
        hue="red"
        unit={unit}
        value={money(risk.value)}
        to={linkTo('at_risk')}
        fact={fact(<Money figure={risk} isMoreGood={false} />)}
        about={GROUP_MEANING.at_risk}
      />
      <KeyNumber
        label="Open opportunities"
        hue="blue"
        value={formatWhole(open.deals)}
        to={linkTo('open')}
        fact={fact(
          <>
            <Change now={open.deals} then={open.deals_then} isLed /> {unit} {money(open.value)}
          </>,
        )}
        about={GROUP_MEANING.open}
      />
      <KeyNumber
        label="Closed"
        value={formatWhole(closed.deals)}
        to={linkTo('won')}
        fact={fact(
          <>
            <Change now={closed.deals} then={closed.deals_then} isLed /> {formatWhole(won.deals)}{' '}
            won, {formatWhole(lost.deals)} lost
          </>,
        )}
        about="Deals that became won or lost in the week."
      />
      <KeyNumber
        label="Share updated"
        value={figures.share_updated === null ? NONE : formatShare(figures.share_updated / 100, 1)}
        to={linkTo('not_updated')}
        fact={fact(
          <>
            <Change
              now={figures.share_updated}
              then={figures.share_updated_then}
              digits={1}
              unit="pt"
              isMoreGood
              isLed
            />{' '}
            {counted(open.deals - figures.updated.deals, 'deal')} not
          </>,
        )}
        about={`${GROUP_MEANING.updated} The number opens the others.`}
      />
    </KeyNumbers>
  );
}

function Money({ figure, isMoreGood }: { figure: ReviewFigure; isMoreGood: boolean }) {
  return (
    <>
      <Change now={figure.value} then={figure.value_then} isMoreGood={isMoreGood} isLed />{' '}
      {counted(figure.deals, 'deal')}
    </>
  );
}

type ChangeProps = {
  now: number | null;
  /** Null where last week is unknown: nothing is said. */
  then: number | null;
  digits?: number;
  unit?: string;
  /** Left out where more is neither good nor bad. */
  isMoreGood?: boolean;
  /** More words follow in the line. */
  isLed?: boolean;
};

/** What changed since last week: signed, with its arrow, and good or bad where that is known. */
export function Change({ now, then, digits = 0, unit, isMoreGood, isLed }: ChangeProps) {
  if (now === null || then === null) return null;
  const scale = 10 ** digits;
  const difference = Math.round((now - then) * scale) / scale;
  if (difference === 0) return <span className={classes.same}>as last week{isLed && ' ·'}</span>;
  const Icon = difference > 0 ? IconArrowUpRight : IconArrowDownRight;
  const tone = isMoreGood === undefined ? undefined : difference > 0 === isMoreGood;
  return (
    <span className={classes.change} data-tone={tone === undefined ? undefined : String(tone)}>
      <Icon size={13} stroke={2} aria-hidden />
      {formatSigned(difference, digits)}
      {unit !== undefined && ` ${unit}`}
      {isLed && <span className={classes.same}> ·</span>}
    </span>
  );
}

const LABELS = [
  'Revenue realised',
  'Revenue at risk',
  'Open opportunities',
  'Closed',
  'Share updated',
];
const HUES = ['green', 'red', 'blue', undefined, undefined] as const;

/** The strip before its numbers are known, or while they cannot be. */
export function EmptyNumbers({ isLoading }: { isLoading: boolean }) {
  return (
    <KeyNumbers label={LABEL}>
      {LABELS.map((label, place) => (
        <KeyNumber
          key={label}
          label={label}
          value={NONE}
          isLoading={isLoading}
          {...(HUES[place] && { hue: HUES[place] })}
        />
      ))}
    </KeyNumbers>
  );
}
