import type { Schema } from '@/lib/api';

/** Returns the name of who did something; an id that was never named is said as one. */
export function personOf(person: Schema['Named'] | null): string {
  if (person === null) return 'somebody the CRM does not name';
  return person.name ?? `user ${person.id}`;
}
