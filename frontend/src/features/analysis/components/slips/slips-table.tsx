/** Slipped deals, most days first: from which day to which, how often, by whom last. */
import { Link } from 'react-router';
import { Moment } from '@/components/time/moment';
import { formatDay, formatWhole, NONE, symbolOf } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { SlipKind, SlippedDeal } from '../../api/slips';
import { KIND_WORDS } from './words';
import classes from './slips.module.css';

type SlipsTableProps = {
  kind: SlipKind;
  deals: readonly SlippedDeal[];
  currency: string;
  /** Another list is being read: what is shown is the last one. */
  isOld?: boolean;
};

export function SlipsTable({ kind, deals, currency, isOld = false }: SlipsTableProps) {
  const isOverdue = kind === 'overdue';
  return (
    <table
      className={classes.table}
      aria-label={`Deals: ${KIND_WORDS[kind]}`}
      data-old={isOld || undefined}
    >
      <thead>
        <tr>
          <th scope="col">Deal</th>
          <th scope="col" className={classes.wide}>
            Owner
          </th>
          <th scope="col" className={classes.wide}>
            Closing date
          </th>
          <th scope="col" data-number>
            {isOverdue ? 'Overdue' : 'Moved by'}
          </th>
          {!isOverdue && (
            <th scope="col" data-number>
              Moves
            </th>
          )}
          {!isOverdue && (
            <th scope="col" className={classes.wide}>
              Last moved
            </th>
          )}
          <th scope="col" data-number>
            {symbolOf(currency)}
          </th>
        </tr>
      </thead>
      <tbody>
        {deals.map((deal) => (
          <Row key={deal.id} deal={deal} isOverdue={isOverdue} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ deal, isOverdue }: { deal: SlippedDeal; isOverdue: boolean }) {
  const now = useNow('minute');
  const name = deal.name ?? `Deal ${deal.id}`;
  const was = isOverdue || deal.closed_on === null ? null : formatDay(deal.closed_on, now);
  const days = (
    <>
      {was !== null && (
        <>
          {was} <span aria-hidden>→</span>{' '}
        </>
      )}
      <span className={classes.day}>{formatDay(deal.closes_on, now)}</span>
    </>
  );
  return (
    <tr>
      <th scope="row" title={name}>
        <Link to={`/deals/${deal.id}`}>{name}</Link>
        <span className={classes.narrow}>
          {days}
          {deal.owner !== null && ` · ${deal.owner}`}
        </span>
      </th>
      <td className={classes.wide} title={deal.owner ?? undefined}>
        {deal.owner ?? NONE}
      </td>
      <td className={classes.wide}>{days}</td>
      <td data-number className={classes.days}>
        {formatWhole(deal.days)} d
      </td>
      {!isOverdue && <td data-number>{deal.moves === null ? NONE : formatWhole(deal.moves)}</td>}
      {!isOverdue && (
        <td className={classes.wide}>
          {deal.moved_by ?? (deal.moved_at === null ? NONE : '')}
          {deal.moved_at !== null && (
            <>
              {deal.moved_by !== null && ', '}
              <Moment at={deal.moved_at} />
            </>
          )}
        </td>
      )}
      <td data-number className={classes.value}>
        {deal.value === null ? (
          <span title="No amount, or no rate for its currency">{NONE}</span>
        ) : (
          formatWhole(deal.value)
        )}
      </td>
    </tr>
  );
}
