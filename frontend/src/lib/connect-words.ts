/** Whom somebody asks who may not connect the CRM. Pure. */

/** `An admin has to connect the CRM first: Daniel Koh.` */
export const whoConnects = (admins: readonly string[]): string =>
  `An admin has to connect the CRM first${named(admins)}.`;

/** `An editor has to run the first full sync: Priya Raghunathan, Marcus Tan.` */
export const whoLoads = (editors: readonly string[]): string =>
  `An editor has to run the first full sync${named(editors)}.`;

const named = (people: readonly string[]): string =>
  people.length === 0 ? '' : `: ${people.join(', ')}`;
