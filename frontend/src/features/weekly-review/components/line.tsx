/** The morning line of the week: what came in, what moved, what waits for a person. */
import { Link } from 'react-router';
import { roundFigure } from '@/lib/differences';
import { counted, formatWhole, symbolOf } from '@/lib/format';
import type { Group, WeeklyReview } from '../api/queries';
import { overdueActions } from '../lib/words';

type LineProps = { review: WeeklyReview; linkTo: (group: Group) => string };

export function Line({ review, linkTo }: LineProps) {
  const { figures, moves, basis } = review;
  const { realised, won, lost } = figures;
  const count = (move: 'worse' | 'improved'): number =>
    moves.find((each) => each.move === move)?.deals ?? 0;
  const overdue = overdueActions(review);
  return (
    <>
      {realised.deals === 0 ? (
        'No revenue was recognised. '
      ) : (
        <>
          <Link to={linkTo('realised')}>
            {symbolOf(basis.base_currency)} {roundFigure(realised.value)}
          </Link>{' '}
          of revenue was recognised.{' '}
        </>
      )}
      {won.deals + lost.deals > 0 && (
        <>
          <Link to={linkTo('won')}>{counted(won.deals, 'deal')} won</Link>,{' '}
          <Link to={linkTo('lost')}>{formatWhole(lost.deals)} lost</Link>.{' '}
        </>
      )}
      {count('worse') + count('improved') === 0 ? (
        'No opportunity changed its health.'
      ) : (
        <>
          <Link to={linkTo('worse')}>
            {counted(count('worse'), 'opportunity', 'opportunities')} got worse
          </Link>
          , <Link to={linkTo('improved')}>{formatWhole(count('improved'))} improved</Link>.
        </>
      )}
      {overdue !== null && (
        <>
          {' '}
          <a href="#actions">{overdue}</a>.
        </>
      )}
    </>
  );
}
