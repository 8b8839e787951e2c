/** The page's panels: one that fails leaves the others alone; what cannot be asked fails as one. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { PastNote } from '@/components/as-of/past-note';
import { momentOf } from '@/components/as-of/moments';
import { MovementPanel } from '@/components/movement/movement-panel';
import { Note } from '@/components/note/note';
import { Columns } from '@/components/page/section';
import { PanelFailure } from '@/components/panel/query-panel';
import { ApiProblem, wordsOf } from '@/lib/api';
import { filtersOf } from '@/lib/deal-filters';
import { type Numbers as Found, trendQuery } from '@/lib/queries/pipeline';
import { questionOf, withParam } from '@/lib/pipeline-address';
import { Managers } from './managers';
import { EmptyNumbers, Numbers } from './numbers';
import { Pivot } from './pivot';
import { Slips } from './slips/slips';
import { Stages } from './stages/stages';
import classes from './panels.module.css';

type PanelsProps = {
  params: URLSearchParams;
  numbers: UseQueryResult<Found>;
  onChange: (params: URLSearchParams) => void;
  onClear: () => void;
};

/** Whether the question itself is refused: then every panel would say the same. */
const isRefused = (error: Error | null): error is ApiProblem =>
  error instanceof ApiProblem && (error.status === 400 || error.status === 422);

export function Panels({ params, numbers, onChange, onClear }: PanelsProps) {
  const trend = useQuery({
    ...trendQuery(questionOf(params)),
    enabled: numbers.data !== undefined && numbers.data.comparison.compared_with !== null,
  });
  const moment = momentOf(params.get('as_of'));
  const backToNow = (): void => {
    onChange(withParam(params, 'as_of', null));
  };
  const error = numbers.data === undefined ? numbers.error : null;
  if (isRefused(error)) {
    return (
      <Note
        kind="warning"
        action={
          <button
            type="button"
            className={classes.way}
            onClick={moment === null ? onClear : backToNow}
          >
            {moment === null ? 'Clear filters' : 'Back to now'}
          </button>
        }
      >
        {wordsOf(error)}
      </Note>
    );
  }
  return (
    <>
      {moment !== null && <PastNote moment={moment} what="Figures" onBack={backToNow} />}
      {numbers.data !== undefined ? (
        <Numbers numbers={numbers.data} trend={trend.data} params={params} />
      ) : error !== null ? (
        <PanelFailure
          error={error}
          failed="The numbers could not be computed"
          failedAt={numbers.errorUpdatedAt}
          onRetry={() => void numbers.refetch()}
        />
      ) : (
        <EmptyNumbers />
      )}
      <Pivot params={params} onChange={onChange} onClear={onClear} />
      <Columns>
        <MovementPanel
          title="Movement"
          filters={filtersOf(params)}
          asOf={params.get('as_of')}
          comparedWith={params.get('compared_with')}
        />
        <Managers params={params} />
      </Columns>
      <Slips params={params} onChange={onChange} />
      <Stages params={params} />
    </>
  );
}
