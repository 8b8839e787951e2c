/** The plan that a session was started with, as it was kept on it. */
import type { Session, SourceOption } from '../api/queries';

export type Plan = { chosen: SourceOption; rejected: SourceOption[] };

const SOURCES = new Set(['coql', 'bulk_read', 'pages']);

function isOption(value: unknown): value is SourceOption {
  if (typeof value !== 'object' || value === null) return false;
  const option = value as Record<string, unknown>;
  return (
    SOURCES.has(String(option['source'])) &&
    ['slices', 'calls', 'credits', 'seconds'].every((name) => typeof option[name] === 'number')
  );
}

/** Returns a session's plan; null where it read without one. */
export function planOf(session: Session): Plan | null {
  const kept: unknown = session.plan;
  if (!isOption(kept)) return null;
  const rejected: unknown = (kept as { rejected?: unknown }).rejected;
  return { chosen: kept, rejected: Array.isArray(rejected) ? rejected.filter(isOption) : [] };
}
