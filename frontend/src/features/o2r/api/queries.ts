/** What the O2R dashboard asks of the server. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';

export type O2rDashboard = Schema['O2rDashboard'];
export type PhaseStanding = Schema['PhaseStanding'];
export type TerritoryHealth = Schema['TerritoryHealth'];
export type NeedyOpportunity = Schema['NeedyOpportunity'];

/** `territory`: a deal's region, empty for deals without one, null for all; `asOf`: null is now. */
export type O2rAsked = { territory: string | null; quarter: string | null; asOf: string | null };

export const o2rDashboardQuery = ({ territory, quarter, asOf }: O2rAsked) =>
  queryOptions({
    queryKey: ['o2r', 'dashboard', territory, quarter, asOf],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/o2r/dashboard', {
          params: {
            query: {
              ...(territory !== null && { region: [territory] }),
              ...(quarter !== null && { quarter }),
              ...(asOf !== null && { as_of: asOf }),
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta: { topics: ['records', 'o2r', 'schema', 'settings'] },
  });
