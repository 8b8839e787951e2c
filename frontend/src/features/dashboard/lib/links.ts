/** Addresses of what stands behind a figure. Pure. */
import { filterSearch } from '@/lib/deal-filters';

export const CONFLICTS = '/sync-status?tab=conflicts';

export const PENDING_DEALS = '/deals?state=pending';

/** Opportunities under the page's filters of any phase, and those given beside. */
export function opportunities(
  anyPhase: URLSearchParams,
  further: Record<string, string | readonly string[]>,
): string {
  const search = filterSearch(anyPhase);
  for (const [name, values] of Object.entries(further)) {
    search.delete(name);
    for (const value of [values].flat()) search.append(name, value);
  }
  return `/o2r/opportunities?${search.toString()}`;
}

export const needyDeals = (anyPhase: URLSearchParams): string =>
  opportunities(anyPhase, { attention: 'true' });

export const dealsAtRisk = (anyPhase: URLSearchParams): string =>
  opportunities(anyPhase, { health: ['blocked', 'red'] });

export const inAnalysis = (params: URLSearchParams): string => `/analysis?${params.toString()}`;

/** The page without any limit, written out. */
export const WITHOUT_LIMITS = '/?closing=all&probability=all&outcome=all';
