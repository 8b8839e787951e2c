/**
 * Stands before the pages that are about deals: until there are any it says what is missing and who
 * can bring it about, in place of figures that nobody knows and lists that cannot be but empty.
 */
import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { whoConnects, whoLoads } from '@/lib/connect-words';
import { useMay, useMe } from '@/lib/queries/session';
import { type CurrentStatus, currentStatusQuery } from '@/lib/queries/sync-state';
import { placeOf } from './navigation';
import classes from './needs-deals.module.css';

type Needs = {
  /**
   * `loaded`: pages whose figures mean nothing before the first full sync is complete. `begun`: pages
   * that show deals and runs as they arrive; all they need is that a CRM was ever connected.
   */
  until: 'loaded' | 'begun';
};

export function NeedsDeals({ until }: Needs) {
  const status = useQuery(currentStatusQuery);
  const { pathname } = useLocation();
  const current = status.data;
  // Whether anything may be asked is known with the header's first answer. If there is none, the
  // page says itself what it cannot read.
  if (current === undefined) return status.failureCount === 0 ? null : <Outlet />;
  const isMissing = until === 'loaded' ? current.last_sync_at === null : isUntouched(current);
  if (!isMissing) return <Outlet />;
  return <Missing title={placeOf(pathname)?.place.name ?? 'Deals'} current={current} />;
}

const isUntouched = ({ condition, last_sync_at, last_run }: CurrentStatus): boolean =>
  condition === 'not_connected' && last_sync_at === null && last_run === null;

function Missing({ title, current }: { title: string; current: CurrentStatus }) {
  const mayConnect = useMay('admin');
  const mayLoad = useMay('editor');
  const { admins, editors } = useMe();
  if (current.condition === 'not_connected') {
    return (
      <Told title={title} lede="No CRM is connected, so there is nothing to show here yet.">
        {mayConnect ? (
          <>
            <p>Connect the CRM: it takes about two minutes. Then a full sync reads all deals.</p>
            <Button
              component={Link}
              to="/crm-sync"
              variant="filled"
              leftSection={<IconPlugConnected size={15} stroke={1.7} aria-hidden />}
            >
              Connect the CRM
            </Button>
          </>
        ) : (
          <Note kind="locked">{whoConnects(admins)}</Note>
        )}
      </Told>
    );
  }
  if (current.is_syncing) {
    return (
      <Told title={title} lede="The first full sync is running.">
        <p>
          This page shows your deals once it is complete. <Link to="/live-sync">Watch it</Link>
        </p>
      </Told>
    );
  }
  return (
    <Told title={title} lede="Nothing has been loaded from the CRM yet.">
      {current.condition === 'failing' && (
        <p>
          The last sync failed: {current.trouble?.title ?? 'its log says why'}.{' '}
          <Link to="/live-sync">Live Sync Control</Link>
        </p>
      )}
      {mayLoad ? (
        <>
          <p>
            A full sync loads the deals. Before it starts you see how many there are and what it
            costs.
          </p>
          <Button component={Link} to="/live-sync?action=full" variant="filled">
            Run the first full sync
          </Button>
        </>
      ) : (
        <Note kind="locked">{whoLoads(editors)}</Note>
      )}
    </Told>
  );
}

function Told({ title, lede, children }: { title: string; lede: string; children: ReactNode }) {
  return (
    <Page title={title} lede={lede}>
      <div className={classes.told}>{children}</div>
    </Page>
  );
}
