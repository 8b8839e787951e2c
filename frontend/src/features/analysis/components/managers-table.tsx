/** Everybody who holds deals that are meant, with all that is known of their pipelines. */
import { Link } from 'react-router';
import type { Schema } from '@/lib/api';
import { formatWhole, NONE, symbolOf } from '@/lib/format';
import { dealsAddress } from '@/lib/pipeline-address';
import { percentWords } from '../lib/pivot';
import { nameOf, ownersDeals, WinRate } from './manager-parts';
import classes from './managers.module.css';

type ManagersTableProps = { managers: Schema['AccountManagers']; params: URLSearchParams };

export function ManagersTable({ managers, params }: ManagersTableProps) {
  const { basis, items, total } = managers;
  return (
    <div className={classes.scroll}>
      <table className={classes.managers} aria-label="All account managers">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Deals</th>
            <th scope="col">{symbolOf(basis.base_currency)}</th>
            <th scope="col">Average</th>
            <th scope="col">Probability</th>
            <th scope="col">Weighted</th>
            <th scope="col">Win rate</th>
            <th scope="col">Countries</th>
          </tr>
        </thead>
        <tbody>
          {items.map((manager) => (
            <tr key={manager.owner_id ?? ''}>
              <th scope="row" title={nameOf(manager)}>
                <Link to={ownersDeals(params, manager)}>{nameOf(manager)}</Link>
                {manager.is_active === false && <span className={classes.gone}> inactive</span>}
              </th>
              <Pipeline pipeline={manager} />
              <td className={classes.countries} title={countriesOf(manager, true)}>
                {countriesOf(manager, false)}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              <Link to={dealsAddress(params)}>Total</Link>
            </th>
            <Pipeline pipeline={total} />
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Pipeline({ pipeline }: { pipeline: Schema['ManagedPipeline'] }) {
  const { deals, value, average_size: size, average_probability: probability } = pipeline;
  return (
    <>
      <td className={classes.deals}>{formatWhole(deals)}</td>
      <td className={classes.value}>{formatWhole(value)}</td>
      <td>{size === null ? NONE : formatWhole(size)}</td>
      <td>{probability === null ? NONE : percentWords(probability)}</td>
      <td>{formatWhole(pipeline.weighted)}</td>
      <td>
        <WinRate manager={pipeline} />
      </td>
    </>
  );
}

/** `Singapore, India +2`, or each with its deals. */
function countriesOf(
  { countries, country_count: count }: Schema['AccountManager'],
  isLong: boolean,
): string {
  const named = countries.map(({ country, deals }) =>
    isLong ? `${country ?? 'No country'} ${formatWhole(deals)}` : (country ?? 'No country'),
  );
  const rest = count - countries.length;
  return rest > 0 ? `${named.join(', ')} +${formatWhole(rest)}` : named.join(', ');
}
