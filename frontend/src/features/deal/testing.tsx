/** The page of a deal for tests: the requests it makes, answered. */
import { notifications } from '@mantine/notifications';
import { act } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import type { FieldProblem } from '@/lib/api';
import type { Alert } from '@/lib/queries/alerts';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { type Rendered, renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { alertPage } from '@/testing/alerts';
import { currentStatus } from '@/testing/sync-state';
import type { Deal, Entry } from './api/deal';
import type { DealForm } from './api/edit';
import DealPage from './deal-page';
import { exampleEntry, exampleForm } from './lib/example-deal';
import { exampleTimes } from './lib/example-times';

export const ID = '554023000000235001';

/** What every test of the page stands on; called once a file. */
export function pageOfTests(): void {
  beforeEach(() => {
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        observe(): void {
          /* nothing comes into view by itself in these tests */
        }
        disconnect(): void {
          /* as above */
        }
      },
    );
  });
  afterEach(() => {
    // Toasts outlive the page that showed them.
    act(() => {
      notifications.clean();
    });
    vi.unstubAllGlobals();
  });
}

export const problem = (
  status: number,
  code: string,
  detail: string,
  fix: string | null = null,
  errors: FieldProblem[] = [],
) => ({
  type: `urn:pulse:problem:${code}`,
  title: 'Problem',
  status,
  code,
  detail,
  fix,
  errors:
    errors.length === 0
      ? null
      : errors.map(({ fix: way = null, ...error }) => ({
          ...error,
          fix: way,
          label: null,
          code: null,
        })),
});

type Answers = {
  /** Median time in the deal's stage, in days. */
  median?: number;
  alerts?: Alert[];
  entries?: Entry[];
  form?: DealForm;
  mode?: CurrentStatus['mode'];
};

export function answering(deal: Deal, answers: Answers = {}): void {
  const { entries = [exampleEntry(1)], form = exampleForm(), mode = 'bidirectional' } = answers;
  server.use(
    http.get('/api/deals/{deal_id}', ({ response }) => response(200).json(deal)),
    http.get('/api/analysis/stages', ({ response }) =>
      response(200).json(exampleTimes(answers.median ?? null)),
    ),
    http.get('/api/alerts', ({ response }) => response(200).json(alertPage(answers.alerts))),
    http.get('/api/deals/{deal_id}/form', ({ response }) => response(200).json(form)),
    http.get('/api/live-sync/status/current', ({ response }) =>
      response(200).json(currentStatus({ mode })),
    ),
    http.get('/api/deals/{deal_id}/timeline', ({ response }) =>
      response(200).json({
        items: entries,
        before: null,
        has_more: false,
        created_at: deal.created_at,
        created_by: deal.owner,
      }),
    ),
    http.get('/api/deals/{deal_id}/neighbours', ({ response }) =>
      response(200).json({ previous: '1', next: '3', place: 2, count: 4812 }),
    ),
  );
}

export const shown = (role: 'viewer' | 'editor' = 'editor'): Rendered =>
  renderApp(<DealPage />, { at: `/deals/${ID}`, path: '/deals/:id', role });
