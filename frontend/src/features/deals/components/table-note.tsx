/** One line of what the table says of itself: order, rates, conflicts, how fast it came. */
import { Link } from 'react-router';
import { counted, formatWhen, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { ColumnLine, DealSummary } from '../api/queries';
import { DEFAULT_SORT } from '../lib/list-params';

type TableNoteProps = {
  sort: string;
  columns: readonly ColumnLine[];
  summary: DealSummary | undefined;
  tookMs: number | undefined;
};

export function TableNote({ sort, columns, summary, tookMs }: TableNoteProps) {
  const now = useNow('minute');
  const key = sort.replace(/^-/, '');
  const label = columns.find((column) => column.key === key)?.label ?? key;
  const order = sort === DEFAULT_SORT ? 'last change' : label.toLowerCase();
  const read = summary?.rates_read_at;
  return (
    <>
      {summary?.conflicts != null && summary.conflicts > 0 && (
        <>
          <Link to={{ search: 'state=conflict' }}>{counted(summary.conflicts, 'conflict')}</Link>
          {' · '}
        </>
      )}
      Sorted by {order}. {tookMs !== undefined && `First rows in ${formatWhole(tookMs)} ms.`}
      {read != null && ` Rates of ${formatWhen(new Date(read), now)}.`}
    </>
  );
}
