/** How deals go through the stages: figures, and the deals behind each of them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schema } from '@/lib/api';
import type { Question } from '@/lib/pipeline-address';

export type Stages = Schema['StageAnswer'];
export type StageFigures = Schema['StageFigures'];
export type Became = Schema['Became'];

const PAGE = 50;
const meta = { topics: ['records', 'settings', 'schema'] } as const;

/** The parameters that say which deals, and as of when: nothing is compared here. */
function asked(question: Question): Omit<Question, 'compared_with'> {
  const alone = { ...question };
  delete alone.compared_with;
  return alone;
}

export const stagesQuery = (question: Question) =>
  queryOptions({
    queryKey: ['analysis', 'stages', asked(question)],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/analysis/stages', { params: { query: asked(question) }, signal })),
    placeholderData: keepPreviousData,
    meta,
  });

/** `became` null: all that entered. */
export const stageDealsQuery = (question: Question, stage: string, became: Became | null) =>
  infiniteQueryOptions({
    queryKey: ['analysis', 'stage-deals', asked(question), stage, became],
    queryFn: ({ signal, pageParam }) =>
      answered(
        api.GET('/api/analysis/stages/deals', {
          params: {
            query: {
              ...asked(question),
              in_stage: stage,
              ...(became !== null && { became }),
              limit: PAGE,
              offset: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.has_more ? last.offset + last.items.length : undefined),
    meta,
  });
