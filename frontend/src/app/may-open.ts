import type { Me, Role } from '@/lib/queries/session';
import type { Place } from './navigation';

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** Returns whether a person's role may open a place; what it may not is absent. */
export const mayOpen = (me: Me, place: Place): boolean =>
  RANK[me.role] >= RANK[place.needs ?? 'viewer'];
