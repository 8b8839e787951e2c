/** What the Analysis page asks of the server; its filters are in each question. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { Question } from '@/lib/pipeline-address';
import { pipelineBreakdown } from '@/lib/queries/pipeline';
import { type Layout, NO_COLUMNS } from '../lib/pivot';

export type Basis = Schema['Basis'];

// A past moment stays as it was but for deals that are gone and the base currency.
const meta = { topics: ['records', 'settings', 'schema', 'connection'] } as const;

export const breakdownQuery = (question: Question, { columns, ...layout }: Layout) =>
  pipelineBreakdown(question, { ...layout, columns: columns === NO_COLUMNS ? null : columns });

export const managersQuery = (question: Question) =>
  queryOptions({
    queryKey: ['analysis', 'managers', question],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/analysis/managers', { params: { query: question }, signal })),
    placeholderData: keepPreviousData,
    meta,
  });

/** Deals of an open row, the greatest first. */
export const rowDealsQuery = (question: Question, limit: number) =>
  queryOptions({
    queryKey: ['analysis', 'row-deals', question, limit],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/deals', {
          params: { query: { ...question, sort: '-value', limit } },
          signal,
        }),
      ),
    meta,
  });
