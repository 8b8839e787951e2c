/** Answers everything that the weekly review asks, and keeps what it was asked. */
import type { Schema } from '@/lib/api';
import { currentStatus } from '@/testing/sync-state';
import { http, server } from '@/testing/server';
import type { ReviewMailing, WeeklyReview } from './api/queries';
import { MAILING, REVIEW } from './testing-week';

const REGIONS: Schema['Facet'] = {
  field: 'region',
  values: [{ value: 'ASEAN', label: 'ASEAN', count: 804 }],
  has_more: false,
};

type Asked = {
  weeks: string[];
  deals: string[];
  sent: unknown[];
  actions: unknown[];
};

export function aReview(
  review: WeeklyReview = REVIEW,
  mailing: Partial<ReviewMailing> = {},
): Asked {
  const asked: Asked = { weeks: [], deals: [], sent: [], actions: [] };
  server.use(
    http.get('/api/live-sync/status/current', ({ response }) =>
      response(200).json(currentStatus()),
    ),
    http.get('/api/deals/facets', ({ response }) => response(200).json(REGIONS)),
    http.get('/api/o2r/people', ({ response }) => response(200).json({ items: [] })),
    http.get('/api/review', ({ request, response }) => {
      asked.weeks.push(new URL(request.url).search);
      return response(200).json(review);
    }),
    http.get('/api/review/mail', ({ response }) => response(200).json({ ...MAILING, ...mailing })),
    http.post('/api/review/mail', async ({ request, response }) => {
      const wanted = await request.json();
      asked.sent.push(wanted);
      return response(202).json({ week: '2026-08-10', to: wanted.to, recipients: 7 });
    }),
    http.get('/api/review/deals', ({ request, response }) => {
      asked.deals.push(new URL(request.url).search);
      const items = REVIEW.moves.flatMap((each) => each.items).slice(0, 2);
      return response(200).json({
        group: 'worse',
        base_currency: 'SGD',
        count: items.length,
        items,
        limit: 50,
        offset: 0,
        has_more: false,
      });
    }),
    http.patch('/api/o2r/actions/{action_id}', async ({ request, response }) => {
      asked.actions.push(await request.json());
      return response(200).json(ACTION);
    }),
    http.post('/api/o2r/actions', async ({ request, response }) => {
      asked.actions.push(await request.json());
      return response(201).json(ACTION);
    }),
  );
  return asked;
}

const ACTION: Schema['ActionItem'] = {
  id: '9',
  deal_id: null,
  title: 'Ask for the PO',
  priority: 'medium',
  owner: null,
  due_on: null,
  is_overdue: false,
  created_at: '2026-08-17T00:42:00Z',
  created_by: 'Priya Raghunathan',
  done_at: null,
  done_by: null,
};
