/** Sorted bars as rows of a statement: name, number of deals, bar, value. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatAmount, formatWhole, symbolOf } from '@/lib/format';
import classes from './bars.module.css';

export type BarRow = {
  key: string;
  name: string;
  deals: number;
  value: number;
  /** Opens the deals of the row. */
  to?: string;
  /** 0 to 1: how strong the bar's blue is; grey without it. */
  strength?: number;
};

type BarsProps = {
  label: string;
  /** Head of the first column. */
  what: string;
  currency: string;
  rows: readonly BarRow[];
  total?: Omit<BarRow, 'key' | 'strength'>;
};

export function Bars({ label, what, currency, rows, total }: BarsProps) {
  const greatest = Math.max(...rows.map(({ value }) => value), 0);
  const money = (amount: number): string => formatAmount(amount, currency);
  return (
    <table className={classes.bars} aria-label={label}>
      <thead className={classes.unseen}>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" className={classes.figure}>
            Deals
          </th>
          <th scope="col" className={classes.lane} aria-hidden />
          <th scope="col" className={classes.value}>
            {symbolOf(currency)}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row" title={row.name}>
              <Name to={row.to}>{row.name}</Name>
            </th>
            <td className={classes.figure}>{formatWhole(row.deals)}</td>
            <td className={classes.lane} aria-hidden>
              <span
                className={classes.bar}
                data-rest={row.strength === undefined || undefined}
                style={{
                  width: `${greatest > 0 ? Math.max(0, row.value / greatest) * 100 : 0}%`,
                  opacity: row.strength,
                }}
              />
            </td>
            <td className={classes.value}>{money(row.value)}</td>
          </tr>
        ))}
      </tbody>
      {total && (
        <tfoot>
          <tr>
            <th scope="row">
              <Name to={total.to}>{total.name}</Name>
            </th>
            <td className={classes.figure}>{formatWhole(total.deals)}</td>
            <td className={classes.lane} aria-hidden />
            <td className={classes.value}>{money(total.value)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Name({ to, children }: { to: string | undefined; children: ReactNode }) {
  return to === undefined ? (
    <span className={classes.rest}>{children}</span>
  ) : (
    <Link to={to}>{children}</Link>
  );
}
