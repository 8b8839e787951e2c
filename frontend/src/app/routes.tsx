/** Every page, split off and fetched when it is opened. */
import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { FailedPage } from './failed-page';
import { Shell } from './layout/shell';
import { NeedsDeals } from './needs-deals';
import { NotFoundPage } from './not-found-page';
import { RequireSession } from './require-session';

/** Turns a page's module into a route: `page(() => import('@/features/deals/deals-page'))`. */
const page =
  (load: () => Promise<{ default: ComponentType }>): NonNullable<RouteObject['lazy']> =>
  async () => ({ Component: (await load()).default });

/** Pages that say something at any time. */
const anyTime: RouteObject[] = [
  { path: 'admin', lazy: page(() => import('@/features/admin/admin-page')) },
  { path: 'account', lazy: page(() => import('@/features/auth/account-page')) },
  { index: true, lazy: page(() => import('@/features/dashboard/dashboard-page')) },
  {
    path: 'crm-sync',
    lazy: page(() => import('@/features/crm-integration/crm-integration-page')),
  },
  { path: 'help/:guide?', lazy: page(() => import('@/features/help/help-page')) },
  { path: 'live-sync', lazy: page(() => import('@/features/live-sync/live-sync-page')) },
];

/** Pages that show deals and runs as they arrive. */
const onceBegun: RouteObject[] = [
  { path: 'deals', lazy: page(() => import('@/features/deals/deals-page')) },
  {
    path: 'deals/search',
    lazy: page(() => import('@/features/crm-search/crm-search-page')),
  },
  { path: 'deals/:id', lazy: page(() => import('@/features/deal/deal-page')) },
  { path: 'sync-status', lazy: page(() => import('@/features/sync-status/sync-status-page')) },
];

/** Pages that judge deals: of some of them only, their figures would be wrong. */
const onceLoaded: RouteObject[] = [
  { path: 'analysis/:id?', lazy: page(() => import('@/features/analysis/analysis-page')) },
  { path: 'alerts', lazy: page(() => import('@/features/alerts/alerts-page')) },
  { path: 'bulk', lazy: page(() => import('@/features/bulk/bulk-page')) },
  { path: 'o2r', lazy: page(() => import('@/features/o2r/o2r-page')) },
  {
    path: 'o2r/opportunities',
    lazy: page(() => import('@/features/o2r-opportunities/opportunities-page')),
  },
  {
    path: 'o2r/opportunities/:id',
    lazy: page(() => import('@/features/o2r-opportunity/opportunity-page')),
  },
  {
    path: 'o2r/review',
    lazy: page(() => import('@/features/weekly-review/weekly-review-page')),
  },
];

/** Pages behind the log-in, in the shell. */
const pages: RouteObject[] = [
  ...anyTime,
  { element: <NeedsDeals until="begun" />, children: onceBegun },
  { element: <NeedsDeals until="loaded" />, children: onceLoaded },
];

/** Pages without the shell. */
const bare: RouteObject[] = [
  { path: 'login', lazy: page(() => import('@/features/auth/login-page')) },
  { path: 'password', lazy: page(() => import('@/features/auth/password-page')) },
];

/** While the first page's code is fetched: nothing, for it is there within a blink. */
const Opening = () => null;

export function createRouter() {
  return createBrowserRouter([
    {
      errorElement: <FailedPage />,
      HydrateFallback: Opening,
      children: [
        {
          element: (
            <RequireSession>
              <Shell />
            </RequireSession>
          ),
          children: [
            {
              errorElement: <FailedPage />,
              children: [...pages, { path: '*', element: <NotFoundPage /> }],
            },
          ],
        },
        ...bare,
      ],
    },
  ]);
}
