/** The places of the app: sidebar, phone bar, palette, breadcrumbs and keys read this one list. */
import {
  IconActivityHeartbeat,
  IconBellExclamation,
  IconBriefcase,
  IconCalendarCheck,
  IconChartHistogram,
  IconLayoutDashboard,
  IconPlugConnected,
  IconRefresh,
  IconRoute,
  IconShieldLock,
  IconStack2,
  IconTargetArrow,
  type Icon,
} from '@tabler/icons-react';
import type { Role } from '@/lib/queries/session';

export type Place = {
  name: string;
  path: string;
  icon: Icon;
  /** Second key after `g`. */
  key?: string;
  needs?: Role;
  /** Stands in the phone's bar under this word; the rest is under More. */
  phone?: string;
};

export type Domain = { name: string | null; places: readonly Place[] };

export const DOMAINS: readonly Domain[] = [
  {
    name: 'Revenue Intelligence',
    places: [
      { name: 'Dashboard', path: '/', icon: IconLayoutDashboard, key: 'd', phone: 'Dashboard' },
      { name: 'Analysis', path: '/analysis', icon: IconChartHistogram, key: 'a' },
      { name: 'Deals', path: '/deals', icon: IconBriefcase, key: 'e', phone: 'Deals' },
      { name: 'Alerts', path: '/alerts', icon: IconBellExclamation },
    ],
  },
  {
    name: 'Opportunity to Revenue',
    places: [
      { name: 'O2R Dashboard', path: '/o2r', icon: IconRoute, key: 'o', phone: 'O2R' },
      { name: 'Opportunities', path: '/o2r/opportunities', icon: IconTargetArrow },
      { name: 'Weekly Review', path: '/o2r/review', icon: IconCalendarCheck, key: 'r' },
    ],
  },
  {
    name: 'Live Data Management',
    places: [
      { name: 'Live Sync Control', path: '/live-sync', icon: IconRefresh, key: 'l', phone: 'Sync' },
      {
        name: 'Sync Status Monitor',
        path: '/sync-status',
        icon: IconActivityHeartbeat,
        key: 's',
        phone: 'Status',
      },
      { name: 'CRM Integration', path: '/crm-sync', icon: IconPlugConnected },
    ],
  },
  {
    name: 'Operations',
    places: [
      { name: 'Bulk Operations', path: '/bulk', icon: IconStack2, key: 'b', needs: 'editor' },
    ],
  },
  {
    name: null,
    places: [{ name: 'Administration', path: '/admin', icon: IconShieldLock, needs: 'admin' }],
  },
];

export const PLACES: readonly Place[] = DOMAINS.flatMap(({ places }) => places);

/** Returns the domain and place that a path belongs to: of a place within another, the inner one. */
export function placeOf(path: string): { domain: Domain; place: Place } | undefined {
  const found = DOMAINS.flatMap((domain) =>
    domain.places.map((place) => ({ domain, place })),
  ).filter(({ place }) =>
    place.path === '/' ? path === '/' : path === place.path || path.startsWith(`${place.path}/`),
  );
  return found.toSorted((one, other) => other.place.path.length - one.place.path.length)[0];
}
