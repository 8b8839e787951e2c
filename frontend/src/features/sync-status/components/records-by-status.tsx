/** How many records have each status, what it means, and its share on a logarithmic scale. */
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { RowsTable } from '@/components/rows-table/rows-table';
import { StateBadge } from '@/components/status/state-badge';
import { RECORD_STATES } from '@/components/status/vocabulary';
import { formatShare, formatWhole, NONE } from '@/lib/format';
import type { Health, OpenStatus } from '../api/queries';
import type { Search } from '../lib/search';
import classes from './records-by-status.module.css';
import { PHONE } from './runs';
import table from './table.module.css';

type Props = { records: Health['record_status']; search: Search };
type Row = { status: 'synced' | OpenStatus; count: number; share: number; bar: number };

/** Width of a bar as a share of the lane: without the scale, four of 48,210 were no pixel. */
const logarithmic = (count: number, total: number): number =>
  count === 0 ? 0 : Math.log10(count + 1) / Math.log10(total + 1);

function rowsOf(records: Health['record_status']): Row[] {
  const total = records.total_count;
  const counts = {
    synced: records.synced_count,
    pending: records.pending_count,
    conflict: records.conflict_count,
    error: records.error_count,
  };
  return (['synced', 'pending', 'conflict', 'error'] as const).map((status) => ({
    status,
    count: counts[status],
    share: total === 0 ? 0 : counts[status] / total,
    bar: logarithmic(counts[status], total),
  }));
}

export function RecordsByStatus({ records, search }: Props) {
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const rows = rowsOf(records);
  if (isPhone) return <StatusList rows={rows} search={search} />;
  return (
    <RowsTable className={table.table} label="Records by status">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">What it means</th>
          <th scope="col" data-number>
            Records
          </th>
          <th scope="col" data-number>
            Share
          </th>
          <th scope="col" className={classes.lane}>
            Share, logarithmic
          </th>
          <th scope="col" aria-label="Records" />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.status}>
            <td>
              <StateBadge state={RECORD_STATES[row.status]} />
            </td>
            <td>{RECORD_STATES[row.status].sentence}</td>
            <td data-number data-strong>
              {formatWhole(row.count)}
            </td>
            <td data-number>
              {records.total_count === 0 ? NONE : formatShare(row.share, row.count === 0 ? 1 : 3)}
            </td>
            <td className={classes.lane}>
              <Bar row={row} />
            </td>
            <td data-number>
              <Show row={row} search={search} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>Total</td>
          <td data-number>{formatWhole(records.total_count)}</td>
          <td data-number>{records.total_count === 0 ? NONE : formatShare(1, 0)}</td>
          <td colSpan={2} />
        </tr>
      </tfoot>
    </RowsTable>
  );
}

function StatusList({ rows, search }: { rows: readonly Row[]; search: Search }) {
  return (
    <ul className={table.list} aria-label="Records by status">
      {rows.map((row) => (
        <li key={row.status} className={table.item}>
          <span>
            <StateBadge state={RECORD_STATES[row.status]} />
          </span>
          <span className={table.name}>{formatWhole(row.count)}</span>
          <span className={table.small}>{RECORD_STATES[row.status].sentence}</span>
          <Show row={row} search={search} />
        </li>
      ))}
    </ul>
  );
}

function Bar({ row }: { row: Row }) {
  return (
    <span
      className={classes.bar}
      data-status={row.status}
      style={{ width: `${row.bar * 100}%` }}
      aria-hidden
    />
  );
}

function Show({ row, search }: { row: Row; search: Search }) {
  if (row.status === 'synced' || row.count === 0) return null;
  const word = RECORD_STATES[row.status].word;
  return (
    <Link
      className={classes.show}
      to={search.to({ records: row.status })}
      aria-label={`Show records: ${word}`}
      preventScrollReset
    >
      Show <IconArrowRight size={12} stroke={1.7} aria-hidden />
    </Link>
  );
}
