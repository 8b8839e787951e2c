/** Where saved views are opened, and whether a page still shows what one keeps. */
import type { SavedView, ViewPage } from './queries/views';

/** Lists name an open view in this parameter; the Analysis page names it in the path. */
export const VIEW = 'view';

const LISTS = { deals: '/deals', opportunities: '/o2r/opportunities' } as const;

type Address = { pathname: string; search: string };

/** Returns the address of a page with a view, or without one where `id` is null. */
export function addressOfView(page: ViewPage, id: string | null, query: string): Address {
  if (page === 'analysis') {
    return { pathname: id === null ? '/analysis' : `/analysis/${id}`, search: query };
  }
  const named = id === null ? '' : `${VIEW}=${id}`;
  return { pathname: LISTS[page], search: [named, query].filter((each) => each !== '').join('&') };
}

/** Returns where a view is opened as it is kept. */
export const addressOf = ({ page, id, query }: SavedView): Address =>
  addressOfView(page, id, query);

const sorted = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');

/** Whether two query strings say the same, in whatever order. */
export const isSameQuery = (one: string, other: string): boolean => sorted(one) === sorted(other);
