/** Step 1: which deals. */
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FiltersBar } from '@/components/deal-filters/filters-bar';
import { SearchBox } from '@/components/deal-filters/search-box';
import { counted, formatWhole } from '@/lib/format';
import { filtersOf, hasFilters } from '@/lib/deal-filters';
import { dealsColumns, dealsSummary } from '@/lib/queries/deals';
import { byOf, type By } from '../lib/choice';
import { readIds } from '../lib/ids';
import { MOST_DEALS } from '../lib/operations';
import { ChooseIds } from './choose-ids';
import { ChooseView } from './choose-view';
import classes from './choose-step.module.css';

const BY: readonly { value: By; label: string }[] = [
  { value: 'filter', label: 'By filter' },
  { value: 'ids', label: 'By IDs' },
  { value: 'view', label: 'By CRM view' },
];

type ChooseProps = {
  params: URLSearchParams;
  setParams: (params: URLSearchParams) => void;
  idsText: string;
  onIdsText: (text: string) => void;
  onNext: () => void;
};

/** How many deals are chosen, as far as that is known here; a view is counted by the CRM. */
export function useChosenCount(params: URLSearchParams, idsText: string): number | null {
  const by = byOf(params);
  const summary = useQuery({ ...dealsSummary(filtersOf(params)), enabled: by === 'filter' });
  if (by === 'filter') return summary.data?.count ?? null;
  return by === 'ids' ? readIds(idsText).ids.length : null;
}

export function ChooseStep(props: ChooseProps) {
  const { params, setParams, idsText, onIdsText, onNext } = props;
  const by = byOf(params);
  const count = useChosenCount(params, idsText);
  const set = (name: string, value: string | null): void => {
    const after = new URLSearchParams(params);
    if (value === null || value === '') after.delete(name);
    else after.set(name, value);
    setParams(after);
  };
  const why = whyNot(by, count, params, idsText);
  return (
    <>
      <SegmentedControl
        className={classes.by ?? ''}
        aria-label="How the deals are chosen"
        data={[...BY]}
        value={by}
        onChange={(value) => {
          set('by', value === 'filter' ? null : value);
        }}
      />
      {by === 'filter' && <ByFilter params={params} setParams={setParams} count={count} />}
      {by === 'ids' && <ChooseIds text={idsText} onChange={onIdsText} />}
      {by === 'view' && (
        <ChooseView
          chosen={params.get('view')}
          onChoose={(view) => {
            set('view', view);
          }}
        />
      )}
      <div className={classes.foot}>
        <Button variant="filled" disabled={why !== null} onClick={onNext}>
          {count === null || count === 0 ? 'Continue' : `Continue with ${counted(count, 'deal')}`}
        </Button>
        {why !== null && why !== '' && (
          <span className={classes.why} role="status">
            {why}
          </span>
        )}
      </div>
    </>
  );
}

/** Why it cannot go on; empty where the reason is plain to see. */
function whyNot(
  by: By,
  count: number | null,
  params: URLSearchParams,
  idsText: string,
): string | null {
  if (by === 'view') return params.has('view') ? null : '';
  if (by === 'ids' && readIds(idsText).nonsense.length > 0)
    return 'Correct or remove what is no ID.';
  if (count === null || count === 0) return '';
  return count > MOST_DEALS
    ? `A bulk operation takes at most ${formatWhole(MOST_DEALS)} deals. Choose fewer, or do it in several.`
    : null;
}

type ByFilterProps = Pick<ChooseProps, 'params' | 'setParams'> & { count: number | null };

function ByFilter({ params, setParams, count }: ByFilterProps) {
  const columns = useQuery(dealsColumns);
  return (
    <div className={classes.filter}>
      <SearchBox
        text={params.get('q') ?? ''}
        onSearch={(text) => {
          const after = new URLSearchParams(params);
          if (text === '') after.delete('q');
          else after.set('q', text);
          setParams(after);
        }}
      />
      <FiltersBar
        columns={columns.data?.columns ?? []}
        params={params}
        onChange={setParams}
        note={null}
      />
      <p className={classes.said} role="status">
        {count === 0
          ? 'No deals match these filters.'
          : count !== null &&
            (hasFilters(params)
              ? `${counted(count, 'deal')} ${count === 1 ? 'matches' : 'match'}. What matches at the start is changed; later ones are not.`
              : `No filter is set: all ${counted(count, 'deal')} are chosen.`)}
      </p>
    </div>
  );
}
