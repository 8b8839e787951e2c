/** The deals of an opened row, the greatest first, and the way to all of them. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { wordsOf } from '@/lib/api';
import { formatWhole, NONE } from '@/lib/format';
import { rowDealsQuery } from '../api/queries';
import { dealsAddress, questionOf, withParam } from '@/lib/pipeline-address';
import { type Breakdown, countedParams, percentWords } from '../lib/pivot';
import type { PivotContext } from './pivot-figures';
import { Wait } from './pivot-row';
import classes from './pivot.module.css';

const SHOWN = 10;

type RowDealsProps = {
  params: URLSearchParams;
  row: Breakdown['rows'][number];
  context: PivotContext;
  depth: number;
};

export function RowDeals({ params, row, context, depth }: RowDealsProps) {
  const counted = countedParams(params, context.breakdown);
  const deals = useQuery(
    // A list of deals is compared with nothing.
    rowDealsQuery(questionOf(withParam(counted, 'compared_with', null)), SHOWN),
  );
  const between = context.breakdown.columns.length;
  if (deals.data === undefined) {
    return <Wait context={context}>{deals.isError ? wordsOf(deals.error) : 'Loading…'}</Wait>;
  }
  return (
    <>
      {deals.data.items.map((deal) => (
        <tr key={deal.id} className={classes.deal}>
          <th scope="row" data-depth={depth} title={deal.name ?? deal.id}>
            <Link className={classes.dealName} to={`/deals/${deal.id}`}>
              {deal.name ?? `Deal ${deal.id}`}
            </Link>
          </th>
          <td />
          {between > 0 && (
            <td colSpan={between} className={classes.facts}>
              {[deal.stage?.label, deal.account?.name].filter(Boolean).join(' · ')}
            </td>
          )}
          <td className={classes.total}>
            {deal.value === null ? 'No rate' : formatWhole(deal.value)}
          </td>
          {context.hasAgainst && <td />}
          <td className={classes.weighted}>
            {deal.weighted === null ? NONE : formatWhole(deal.weighted)}
          </td>
          <td className={classes.weighted}>
            {deal.probability === null ? NONE : percentWords(deal.probability)}
          </td>
        </tr>
      ))}
      {deals.data.has_more && (
        <tr className={classes.deal}>
          <th scope="row" data-depth={depth}>
            <Link className={classes.dealName} to={dealsAddress(counted)}>
              All {formatWhole(row.deals)} deals
            </Link>
          </th>
          <td colSpan={between + (context.hasAgainst ? 5 : 4)} />
        </tr>
      )}
    </>
  );
}
