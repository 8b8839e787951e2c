/** The figures of a waterfall to the cent, as a table. */
import { UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { RowsTable } from '@/components/rows-table/rows-table';
import { formatWhole } from '@/lib/format';
import { formatExact } from './scale';
import type { WaterfallBar } from './steps';
import type { OnOpen } from './waterfall-parts';
import classes from './waterfall.module.css';

type WaterfallTableProps = { bars: readonly WaterfallBar[]; currency: string; onOpen: OnOpen };

export function WaterfallTable({ bars, currency, onOpen }: WaterfallTableProps) {
  return (
    <RowsTable label="Movement">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col" data-number>
            Deals
          </th>
          <th scope="col" data-number>
            {currency}
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row">
              <Name bar={bar} onOpen={onOpen} />
              {bar.note !== undefined && <span className={classes.beside}>{bar.note}</span>}
              {bar.mark !== undefined && <span className={classes.marked}>{bar.mark}</span>}
            </th>
            <td data-number>{formatWhole(bar.deals)}</td>
            <td data-number className={bar.kind === 'total' ? classes.total : undefined}>
              {formatExact(bar.value, currency, bar.kind !== 'total')}
            </td>
          </tr>
        ))}
      </tbody>
    </RowsTable>
  );
}

function Name({ bar, onOpen }: { bar: WaterfallBar; onOpen: OnOpen }) {
  if (bar.deals > 0 && onOpen !== undefined) {
    return (
      <UnstyledButton
        className={classes.open ?? ''}
        onClick={() => {
          onOpen(bar);
        }}
      >
        {bar.label}
      </UnstyledButton>
    );
  }
  return bar.deals > 0 && bar.to !== undefined ? (
    <Link to={bar.to}>{bar.label}</Link>
  ) : (
    <>{bar.label}</>
  );
}
