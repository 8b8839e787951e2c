/** In place of the table: nothing found, or nothing there yet. */
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { NothingHere } from '@/components/panel/query-panel';
import { useMay } from '@/lib/queries/session';
import classes from './table.module.css';

type EmptyTableProps = { isFiltered: boolean; isPast: boolean; onClear: () => void };

export function EmptyTable({ isFiltered, isPast, onClear }: EmptyTableProps) {
  const mayEdit = useMay('editor');
  return (
    <div className={classes.message}>
      <NothingHere>
        {isFiltered ? (
          <>
            No deals match these filters.{' '}
            <Anchor component="button" type="button" fz="inherit" fw={550} onClick={onClear}>
              Clear filters
            </Anchor>
          </>
        ) : isPast ? (
          'No deal was in the CRM at that moment.'
        ) : (
          <>
            No deals yet. They arrive with the first full sync.{' '}
            {mayEdit && <Link to="/live-sync">Live Sync Control</Link>}
          </>
        )}
      </NothingHere>
    </div>
  );
}
