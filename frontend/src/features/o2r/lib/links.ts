/** Addresses of the opportunities behind a figure. Pure. */

export type Opportunities = {
  /** A deal's region; empty for deals without one, null or absent for all. */
  territory?: string | null;
  phase?: number;
  health?: readonly string[];
  waiting?: 'invoice' | 'payment';
  attention?: boolean;
  /** A quarter in which revenue was recognised, as `2026-Q3`. */
  recognised?: string;
};

export function opportunities(wanted: Opportunities): string {
  const params = new URLSearchParams();
  if (wanted.phase !== undefined) params.set('phase', String(wanted.phase));
  for (const health of wanted.health ?? []) params.append('health', health);
  if (wanted.waiting !== undefined) params.set('waiting', wanted.waiting);
  if (wanted.attention === true) params.set('attention', 'true');
  if (wanted.recognised !== undefined) params.set('recognised', wanted.recognised);
  if (wanted.territory != null) params.append('region', wanted.territory);
  const search = params.toString();
  return search === '' ? '/o2r/opportunities' : `/o2r/opportunities?${search}`;
}

export const opportunity = (id: string): string => `/o2r/opportunities/${id}`;

/** Deals in currencies that have no rate; `asOf` is a past moment, null is now. */
export function dealsWithoutRate(
  currencies: readonly (string | null)[],
  territory: string | null,
  asOf: string | null,
): string {
  const params = new URLSearchParams();
  for (const currency of currencies) params.append('currency', currency ?? '');
  if (territory !== null) params.append('region', territory);
  if (asOf !== null) params.set('as_of', asOf);
  return `/deals?${params.toString()}`;
}
