import { Button } from '@mantine/core';
import { formatWhole } from '@/lib/format';
import type { Search } from '../lib/search';
import classes from './table.module.css';

type PagerProps = { label: string; count: number; rows: number; size: number; search: Search };

/** Leads through a list that does not fit on a page; absent where it does. */
export function Pager({ label, count, rows, size, search }: PagerProps) {
  if (count <= size) return null;
  const first = (search.page - 1) * size;
  const go = (page: number) => {
    search.go({ page: page === 1 ? null : String(page) });
  };
  return (
    <nav className={classes.pager} aria-label={label}>
      <span>
        {formatWhole(first + 1)} to {formatWhole(first + rows)} of {formatWhole(count)}
      </span>
      <Button
        disabled={search.page === 1}
        onClick={() => {
          go(search.page - 1);
        }}
      >
        Before
      </Button>
      <Button
        disabled={first + rows >= count}
        onClick={() => {
          go(search.page + 1);
        }}
      >
        Next
      </Button>
    </nav>
  );
}
