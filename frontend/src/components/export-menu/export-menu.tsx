/**
 * Export: what the page shows as a file. A file is made by the server and saved when it is ready; the
 * menu tells how far it is and keeps the last ones at hand.
 */
import { Button, Popover, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ExportKind } from '@/lib/queries/exports';
import classes from './export-menu.module.css';
import { Formats } from './formats';
import { Recent } from './recent';
import { useStarted } from './started';
import { useSaving } from './use-saving';

type ExportMenuProps = {
  kinds: readonly ExportKind[];
  /** The page's filters, moments and order, as its address says them. */
  query: string;
  /** Keys of the columns that the page shows, where it shows any. */
  columns?: readonly string[];
  /** Record id of the one deal that the page is about. */
  subject?: string;
};

const icon = { size: 15, stroke: 1.7, 'aria-hidden': true } as const;

export function ExportMenu({ kinds, query, columns, subject }: ExportMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const [which, choose] = useState<'shown' | 'all'>(columns === undefined ? 'all' : 'shown');
  useSaving();
  const isBusy = useStarted().size > 0;
  const chosen = which === 'shown' && columns !== undefined ? [...columns] : null;
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={360}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          leftSection={<IconDownload {...icon} />}
          rightSection={<IconChevronDown {...icon} />}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          {isBusy ? 'Exporting…' : 'Export'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Export" className={classes.dropdown ?? ''}>
        {kinds.map((kind) => (
          <Formats
            key={kind}
            asked={{
              kind,
              query,
              columns: kind === 'deals' ? chosen : null,
              subject: kind === 'o2r_deal' ? (subject ?? null) : null,
            }}
          />
        ))}
        {columns !== undefined && (
          <SegmentedControl
            fullWidth
            aria-label="Columns of the file"
            value={which}
            onChange={(value) => {
              choose(value === 'all' ? 'all' : 'shown');
            }}
            data={[
              { value: 'shown', label: 'Columns as shown' },
              { value: 'all', label: 'All fields, with rates' },
            ]}
          />
        )}
        <Recent />
      </Popover.Dropdown>
    </Popover>
  );
}
