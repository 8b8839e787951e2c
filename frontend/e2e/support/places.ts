/** Every page of the app, for what is asked of each: accessibility, width, roles, pictures. */
import type { Crm } from './crm';

export type Place = {
  name: string;
  /** Who opens it; null for nobody. */
  as: 'viewer' | 'editor' | 'admin' | null;
  path: (crm: Crm) => Promise<string> | string;
};

const at = (name: string, path: string, as: Place['as'] = 'viewer'): Place => ({
  name,
  as,
  path: () => path,
});

export const PLACES: readonly Place[] = [
  at('Login', '/login', null),
  at('Dashboard', '/'),
  at('Analysis', '/analysis?closing=all&probability=all'),
  at('Deals', '/deals'),
  {
    name: 'Deal',
    as: 'viewer',
    path: async (crm) => `/deals/${(await crm.someDeal()).id}`,
  },
  at('Alerts', '/alerts'),
  at('O2R Dashboard', '/o2r'),
  at('Opportunities', '/o2r/opportunities'),
  {
    name: 'Opportunity',
    as: 'editor',
    path: async (crm) => `/o2r/opportunities/${(await crm.someDeal()).id}`,
  },
  at('Weekly Review', '/o2r/review', 'editor'),
  at('Live Sync Control', '/live-sync'),
  at('Sync Status Monitor', '/sync-status'),
  at('Sync History', '/sync-status?tab=history'),
  at('Performance', '/sync-status?tab=performance'),
  at('Bulk Operations', '/bulk', 'editor'),
  at('CRM Integration', '/crm-sync', 'admin'),
  at('Users', '/admin', 'admin'),
  at('API tokens', '/admin?tab=tokens', 'admin'),
  at('Settings', '/admin?tab=settings', 'admin'),
  at('Audit log', '/admin?tab=audit', 'admin'),
  at('Your account', '/account'),
  at('Help', '/help'),
];
