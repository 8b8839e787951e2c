/** Quarters as the address writes them, `2026-Q3`, and as people read them, `Q3 2026`. Pure. */

const QUARTERS = 4;

export function quarterWords(quarter: string): string {
  const [year = '', number = ''] = quarter.split('-');
  return `${number} ${year}`;
}

/** `Q3` of `2026-Q3`. */
export const shortQuarter = (quarter: string): string => quarter.slice(-2);

/** Returns the quarter before. */
export function quarterBefore(quarter: string): string {
  const [year = '0', number = 'Q1'] = quarter.split('-');
  const place = Number(number.slice(1));
  return place === 1 ? `${Number(year) - 1}-Q${QUARTERS}` : `${year}-Q${place - 1}`;
}

/** Returns the quarter in which a day such as 2026-08-17 lies. */
export function quarterOf(day: string): string {
  const [year = '', month = '1'] = day.split('-');
  return `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

/** Returns so many quarters, the given one first, each the one before its neighbour. */
export function quartersBackFrom(quarter: string, count: number): string[] {
  const found = [quarter];
  while (found.length < count) found.push(quarterBefore(found.at(-1) ?? quarter));
  return found;
}
