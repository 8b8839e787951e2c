/** What the O2R dashboard asks of the server. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type O2rDashboard = Schema['O2rDashboard'];
export type PhaseStanding = Schema['PhaseStanding'];
export type PhasePace = Schema['PhasePace'];
export type TerritoryHealth = Schema['TerritoryHealth'];
export type NeedyOpportunity = Schema['NeedyOpportunity'];

/** `territory`: a deal's region, empty for deals without one, null for all; `asOf`: null is now. */
export type O2rAsked = { territory: string | null; quarter: string | null; asOf: string | null };

const filters = ({ territory, asOf }: Omit<O2rAsked, 'quarter'>) => ({
  ...(territory !== null && { region: [territory] }),
  ...(asOf !== null && { as_of: asOf }),
});

const TOPICS = ['records', 'o2r', 'schema', 'settings'] as const;

export const o2rDashboardQuery = ({ territory, quarter, asOf }: O2rAsked) =>
  queryOptions({
    queryKey: ['o2r', 'dashboard', territory, quarter, asOf],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/o2r/dashboard', {
          params: {
            query: {
              ...filters({ territory, asOf }),
              ...(quarter !== null && { quarter }),
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

/** How deals went through the phases: two years of them, so it comes by itself. */
export const o2rPaceQuery = (asked: Omit<O2rAsked, 'quarter'>) =>
  queryOptions({
    queryKey: ['o2r', 'pace', asked],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/o2r/pace', { params: { query: filters(asked) }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });

/** What is at risk, beside what was a week before. */
export const o2rRiskQuery = (asked: Omit<O2rAsked, 'quarter'>) =>
  queryOptions({
    queryKey: ['o2r', 'risk', asked],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/dashboard/risk', { params: { query: filters(asked) }, signal })),
    placeholderData: keepPreviousData,
    meta: { topics: TOPICS },
  });
