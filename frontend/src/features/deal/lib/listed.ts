/** Names in one line. */
const NAMED = 3;

/** Returns `Amount, Stage and Next step`; of many names the first three and how many more. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0
    ? `${names.slice(0, NAMED).join(', ')} and ${more} more`
    : names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
