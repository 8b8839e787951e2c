/** The frame of the app: sidebar, header, the sheet with the page, and on phones a bar below. */
import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useIsFetching } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { HatchPatterns } from '@/components/charts/hatches';
import { onKeyDown } from '@/lib/keys';
import { onUndoKey } from '@/lib/undo';
import { LiveProvider } from '../live';
import { Palette } from '../palette/palette';
import { AppKeys } from './app-keys';
import { Header } from './header';
import { PhoneBar } from './phone-bar';
import classes from './shell.module.css';
import { Sidebar } from './sidebar';
import { StateNotes } from './state-notes';

export function Shell() {
  const [isMenuOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  const closeMenu = menu.close;
  useEffect(closeMenu, [pathname, closeMenu]);
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('keydown', onUndoKey);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('keydown', onUndoKey);
    };
  }, []);
  return (
    <LiveProvider>
      <a className={classes.skip} href="#page">
        Skip to the page
      </a>
      <HatchPatterns />
      <Palette />
      <AppKeys />
      <div className={classes.frame}>
        <Sidebar className={classes.sidebar} />
        <div className={classes.sheet}>
          <Header onMenu={menu.open} />
          <Refreshing />
          <main id="page" tabIndex={-1} className={classes.main}>
            <StateNotes />
            <Suspense fallback={null}>
              <Outlet />
            </Suspense>
          </main>
        </div>
        <PhoneBar onMore={menu.open} />
      </div>
      <Drawer
        opened={isMenuOpen}
        onClose={menu.close}
        position="left"
        size={264}
        padding={0}
        title="Pipeline Pulse"
        classNames={{ header: classes.drawerHeader ?? '' }}
      >
        <Sidebar isDrawer />
      </Drawer>
      <ScrollRestoration />
    </LiveProvider>
  );
}

/** A line under the header while old content is made new; nothing moves. */
function Refreshing() {
  const refreshing = useIsFetching({
    predicate: ({ state, meta }) => state.data !== undefined && meta?.topics === undefined,
  });
  return <div className={classes.refreshing} data-on={refreshing > 0 || undefined} aria-hidden />;
}
