/** Saved views: one's own and those that others share. */
import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

const PAGE_ROWS = 200;

/** All views of a page that this person can open, by name. */
export const viewsQuery = (page: Schema['ViewPage']) =>
  queryOptions({
    queryKey: ['views', 'list', page],
    queryFn: async ({ signal }) => {
      const all: Schema['SavedView'][] = [];
      for (;;) {
        const query = { page, limit: PAGE_ROWS, offset: all.length };
        const part = await answered(api.GET('/api/views', { params: { query }, signal }));
        all.push(...part.items);
        if (!part.has_more || part.items.length === 0) return all;
      }
    },
  });
