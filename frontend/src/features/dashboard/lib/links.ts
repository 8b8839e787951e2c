/** Addresses of `/deals` that show exactly the deals behind a number. */
import type { Dashboard, OpenPipeline } from '../api/queries';

/** The filter that means "open", as the table of deals writes it. */
function openFilter(open: OpenPipeline): URLSearchParams {
  const filter = new URLSearchParams();
  if (open.rule === 'probability') filter.set('probability', 'active');
  else for (const stage of open.stages) filter.append('stage', stage);
  return filter;
}

const address = (filter: URLSearchParams): string => `/deals?${filter.toString()}`;

export const openDeals = ({ open }: Dashboard): string => address(openFilter(open));

export function overdueDeals({ open, today }: Dashboard): string {
  const filter = openFilter(open);
  filter.set('closing_to', dayBefore(today));
  return address(filter);
}

/** A stage is null for deals that have none. */
export function dealsOfStage({ open }: Dashboard, stage: string | null): string {
  const filter = open.rule === 'probability' ? openFilter(open) : new URLSearchParams();
  filter.set('stage', stage ?? '');
  return address(filter);
}

export function dealsOfCountry({ open }: Dashboard, country: string | null): string {
  const filter = openFilter(open);
  filter.set('country', country ?? '');
  return address(filter);
}

export function dealsWithoutRate({ open, without_rate: missing }: Dashboard): string {
  const filter = openFilter(open);
  for (const { currency } of missing) filter.append('currency', currency ?? '');
  return address(filter);
}

export const CONFLICTS = '/sync-status?tab=conflicts';

export const PENDING_DEALS = '/deals?state=pending';

function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
