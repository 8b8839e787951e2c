/** What a pipeline is worth, how it went, and how it falls apart by a dimension. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { Question } from '@/lib/pipeline-address';

export type Numbers = Schema['PipelineNumbers'];
export type Trend = Schema['Trend'];
export type Breakdown = Schema['PipelineBreakdown'];

// A past moment stays as it was but for deals that are gone and the base currency.
const meta = { topics: ['records', 'settings', 'schema', 'connection'] } as const;

export const numbersQuery = (question: Question) =>
  queryOptions({
    queryKey: ['analysis', 'numbers', question],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/analysis/numbers', { params: { query: question }, signal })),
    placeholderData: keepPreviousData,
    meta,
  });

export const trendQuery = (question: Question) =>
  queryOptions({
    queryKey: ['analysis', 'trend', question],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/analysis/trend', { params: { query: question }, signal })),
    placeholderData: keepPreviousData,
    meta,
  });

type Asked = { rows: string; columns: string | null; measure: Schema['Measure'] };

export const pipelineBreakdown = (question: Question, { rows, columns, measure }: Asked) =>
  queryOptions({
    queryKey: ['analysis', 'breakdown', question, rows, columns, measure],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/analysis/breakdown', {
          params: { query: { ...question, rows, measure, ...(columns !== null && { columns }) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta,
  });
