/** The header: where one is, the day's pulse, the state in words, and the way to everything else. */
import { ActionIcon, Kbd, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useLocation } from 'react-router';
import { placeOf } from '../navigation';
import { Bell } from './bell';
import { Breadcrumbs } from './breadcrumbs';
import { HeaderPulse } from './header-pulse';
import classes from './header.module.css';
import { SyncState } from './sync-state';

const isMac = navigator.userAgent.includes('Mac');

export function Header({ onMenu }: { onMenu: () => void }) {
  const { pathname } = useLocation();
  return (
    <header className={classes.header}>
      <ActionIcon
        className={classes.menu ?? ''}
        color="ink"
        aria-label="Open the menu"
        onClick={onMenu}
      >
        <IconMenu2 size={18} stroke={1.7} aria-hidden />
      </ActionIcon>
      <Breadcrumbs />
      <span className={classes.phoneName}>{placeOf(pathname)?.place.name ?? 'Pipeline Pulse'}</span>
      <div className={classes.pulse}>
        <HeaderPulse />
      </div>
      <SyncState />
      <UnstyledButton
        className={classes.search}
        onClick={spotlight.open}
        aria-label="Search or jump to"
      >
        <IconSearch size={15} stroke={1.7} aria-hidden />
        <span className={classes.searchWords}>Search or jump to</span>
        <Kbd size="xs">{isMac ? '⌘ K' : 'Ctrl K'}</Kbd>
      </UnstyledButton>
      <Bell />
    </header>
  );
}
