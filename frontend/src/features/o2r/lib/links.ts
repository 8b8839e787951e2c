/** Addresses of the opportunities behind a figure. Pure. */
import { AS_OF } from '@/lib/deal-filters';
import type { O2rDashboard } from '../api/queries';

export type Opportunities = {
  /** A deal's region; empty for deals without one, null or absent for all. */
  territory?: string | null;
  phase?: number;
  health?: readonly string[];
  waiting?: 'invoice' | 'payment';
  attention?: boolean;
  /** A quarter in which revenue was recognised, as `2026-Q3`. */
  recognised?: string;
  /** Those who have stood longest in their phase come first. */
  longest?: boolean;
  /** The past moment of the figure: the list says that it shows now. Null is now. */
  asOf?: string | null;
};

/** Where a page's figures stand: links take it along. */
export type Ground = { territory: string | null; asOf: string | null };

export const groundOf = (
  { basis }: Pick<O2rDashboard, 'basis'>,
  territory: string | null,
): Ground => ({ territory, asOf: basis.is_past ? basis.as_of : null });

export function opportunities(wanted: Opportunities): string {
  const params = new URLSearchParams();
  if (wanted.phase !== undefined) params.set('phase', String(wanted.phase));
  for (const health of wanted.health ?? []) params.append('health', health);
  if (wanted.waiting !== undefined) params.set('waiting', wanted.waiting);
  if (wanted.attention === true) params.set('attention', 'true');
  if (wanted.recognised !== undefined) params.set('recognised', wanted.recognised);
  if (wanted.territory != null) params.append('region', wanted.territory);
  if (wanted.longest === true) params.set('sort', '-days_in_phase');
  if (wanted.asOf != null) params.set(AS_OF, wanted.asOf);
  const search = params.toString();
  return search === '' ? '/o2r/opportunities' : `/o2r/opportunities?${search}`;
}

export const opportunity = (id: string): string => `/o2r/opportunities/${id}`;
