/** The phase flow as a table, with the pace of each phase. */
import { Link } from 'react-router';
import { formatAmount, formatWhole, NONE, symbolOf } from '@/lib/format';
import type { O2rDashboard, PhasePace } from '../api/queries';
import { groundOf, opportunities } from '../lib/links';
import { movedOn, phaseName } from '../lib/words';
import classes from './phase-flow.module.css';

type PhaseTableProps = {
  dashboard: O2rDashboard;
  paces: readonly PhasePace[];
  territory: string | null;
};

export function PhaseTable({ dashboard, paces, territory }: PhaseTableProps) {
  const currency = dashboard.basis.base_currency;
  const ground = groundOf(dashboard, territory);
  const whole = (value: number | null | undefined): string =>
    value === null || value === undefined ? NONE : formatWhole(value);
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Open deals</th>
            <th scope="col">{symbolOf(currency)}</th>
            <th scope="col">Days there, median</th>
            <th scope="col">Entered in 2 years</th>
            <th scope="col">Moved on</th>
            <th scope="col">Unfinished</th>
            <th scope="col">Lost</th>
            <th scope="col">Moved on within 12 months</th>
            <th scope="col">Stay, median days</th>
          </tr>
        </thead>
        <tbody>
          {dashboard.phases.map((phase, place) => (
            <tr key={phase.phase}>
              <th scope="row">
                <Link to={opportunities({ phase: phase.number, ...ground })}>
                  {phaseName(phase)}
                </Link>
              </th>
              <td>
                <Link to={opportunities({ phase: phase.number, ...ground })}>
                  {formatWhole(phase.deals)}
                </Link>
              </td>
              <td>{formatAmount(phase.value, currency)}</td>
              <td>
                {phase.median_days === null ? (
                  NONE
                ) : (
                  <Link to={opportunities({ phase: phase.number, longest: true, ...ground })}>
                    {formatWhole(phase.median_days)}
                  </Link>
                )}
              </td>
              <td>{whole(paces[place]?.entered)}</td>
              <td>{whole(paces[place]?.moved_on)}</td>
              <td>{whole(paces[place]?.unfinished)}</td>
              <td>{whole(paces[place]?.lost)}</td>
              <td>{movedOn(paces[place]) ?? NONE}</td>
              <td>{whole(paces[place]?.median_stay_days)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
