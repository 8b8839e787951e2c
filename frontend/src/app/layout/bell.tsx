/** The bell: what one was told, with a dot while some of it is unread. Opening it reads all. */
import { ActionIcon, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Moment } from '@/components/time/moment';
import { counted } from '@/lib/format';
import { noticesQuery, useReadNotices } from '@/lib/queries/notices';
import classes from './bell.module.css';

export function Bell() {
  const { data } = useQuery(noticesQuery);
  const read = useReadNotices();
  const [isOpen, popover] = useDisclosure(false);
  // What was new when the list was opened stays marked as long as it is open.
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const unread = data?.unread ?? 0;
  const open = (): void => {
    const items = data?.items ?? [];
    setFresh(new Set(items.filter((item) => !item.is_read).map(({ id }) => id)));
    popover.open();
    const [newest] = items;
    if (unread > 0 && newest) read.mutate(newest.id);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={popover.close}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          className={classes.bell ?? ''}
          color="ink"
          aria-label={unread > 0 ? `Notices, ${unread} unread` : 'Notices'}
          onClick={isOpen ? popover.close : open}
        >
          <IconBell size={17} stroke={1.7} aria-hidden />
          {unread > 0 && <span className={classes.dot} />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.list ?? ''} aria-label="Notices">
        {data === undefined || data.items.length === 0 ? (
          <p className={classes.calm}>
            <IconCheck size={15} stroke={1.8} aria-hidden /> Nothing needs you.
          </p>
        ) : (
          <ul aria-label={counted(data.items.length, 'notice')}>
            {data.items.map((notice) => (
              <li key={notice.id} data-fresh={fresh.has(notice.id) || undefined}>
                <Link to={notice.link} onClick={popover.close}>
                  {notice.message}
                </Link>
                <span className={classes.when}>
                  <Moment at={notice.created_at} />
                  {fresh.has(notice.id) && ' · new'}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
