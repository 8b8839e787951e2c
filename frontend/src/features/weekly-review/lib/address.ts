/** The address of the page: week, territory, and the figure whose deals are open. Pure. */
import type { Group } from '../api/queries';

const GROUPS: Record<Group, true> = {
  open: true,
  created: true,
  won: true,
  lost: true,
  updated: true,
  not_updated: true,
  blocked: true,
  overdue: true,
  realised: true,
  at_risk: true,
  worse: true,
  improved: true,
  new: true,
  stable: true,
};

const isGroup = (word: string): word is Group => word in GROUPS;

/** Returns the figure whose deals the address opens; null for none. */
export function groupIn(params: URLSearchParams): Group | null {
  const word = params.get('show') ?? '';
  return isGroup(word) ? word : null;
}

/** Returns the same address with parts set, or taken out where null. */
export function withParts(
  params: URLSearchParams,
  parts: Readonly<Record<string, string | null>>,
): URLSearchParams {
  const after = new URLSearchParams(params);
  for (const [name, value] of Object.entries(parts)) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return after;
}

/** Opens the deals behind a figure, of one owner or of all. */
export const showing = (
  params: URLSearchParams,
  group: Group,
  owner: string | null = null,
): string => `?${withParts(params, { show: group, owner }).toString()}`;
