/** The page's first line: whose view, how many deals, in which currency by which rates, what clashes. */
import { Link } from 'react-router';
import { counted, formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import { ratesWords } from '@/lib/rates-words';
import type { SavedView } from '@/lib/queries/views';
import type { Numbers } from '@/lib/queries/pipeline';
import { dealsAddress } from '@/lib/pipeline-address';
import { conflictWords } from '../lib/words';
import classes from './lede.module.css';

type LedeProps = {
  view: SavedView | undefined;
  numbers: Numbers | undefined;
  params: URLSearchParams;
};

const ownerWords = ({ is_shared, is_mine, owner }: SavedView): string =>
  is_shared ? `Shared view by ${is_mine ? 'you' : owner}` : 'Your view';

export function Lede({ view, numbers, params }: LedeProps) {
  const now = useNow('minute');
  const basis = numbers?.basis;
  const conflicts = basis && conflictWords(basis);
  const rates = basis === undefined ? '' : ratesWords(basis, now);
  const said = [
    view && ownerWords(view),
    numbers && counted(numbers.deals.now ?? 0, 'deal'),
    basis?.is_past && `as of ${formatWhen(new Date(basis.as_of), now)}`,
    basis && `values in ${basis.base_currency}${rates === '' ? '' : `, ${rates}`}`,
  ].filter((part) => typeof part === 'string');
  return (
    <>
      {said.join(' · ')}
      {conflicts != null && (
        <>
          {' · '}
          <Link className={classes.conflicts} to={dealsAddress(params, { state: ['conflict'] })}>
            {conflicts}
          </Link>
        </>
      )}
    </>
  );
}
