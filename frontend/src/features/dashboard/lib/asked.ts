/** Which deals each panel is about, out of the page's address. Pure. */
import { type FilterQuery, filtersOf } from '@/lib/deal-filters';
import { type Question, questionOf, withDefaults } from '@/lib/pipeline-address';

/** Returns the address with the page's limits; the page is of now, so a past moment is left out. */
export function whole(written: URLSearchParams): URLSearchParams {
  const params = withDefaults(written);
  params.delete('as_of');
  return params;
}

const OF_A_PIPELINE = ['closing', 'closing_from', 'closing_to', 'probability', 'outcome', 'stage'];

export type Asked = {
  /** The address that was read. */
  params: URLSearchParams;
  /** The pipeline: all filters. */
  pipeline: Question;
  filters: FilterQuery;
  /** Deals in whatever phase: without what the filters say of closing, probability and stage. */
  anyPhase: Question;
  anyPhaseParams: URLSearchParams;
  comparedWith: string | null;
};

export function askedBy(params: URLSearchParams): Asked {
  const anyPhaseParams = new URLSearchParams(params);
  for (const name of OF_A_PIPELINE) anyPhaseParams.delete(name);
  return {
    params,
    pipeline: questionOf(params),
    filters: filtersOf(params),
    anyPhase: filtersOf(anyPhaseParams),
    anyPhaseParams,
    comparedWith: params.get('compared_with'),
  };
}
