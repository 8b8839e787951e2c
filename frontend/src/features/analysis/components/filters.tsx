/** Which deals, as of when and compared with when: the subject of the page, so it comes first. */
import { useQuery } from '@tanstack/react-query';
import { MomentChip } from '@/components/as-of/moment-chip';
import { FiltersBar } from '@/components/deal-filters/filters-bar';
import { formatWhen } from '@/lib/format';
import { useNow } from '@/lib/now';
import { dealsColumns } from '@/lib/queries/deals';
import type { Numbers } from '@/lib/queries/pipeline';
import { PINNED, withParam } from '@/lib/pipeline-address';
import classes from './filters.module.css';

type FiltersProps = {
  params: URLSearchParams;
  /** What the numbers rest on, once they are known. */
  basis: Numbers | undefined;
  onChange: (params: URLSearchParams) => void;
};

export function Filters({ params, basis: numbers, onChange }: FiltersProps) {
  const now = useNow('minute');
  const { data: fields } = useQuery(dealsColumns);
  const asOf = params.get('as_of');
  const comparison = numbers?.comparison;
  const compared = comparison?.compared_with ?? null;
  const usual =
    compared !== null
      ? formatWhen(new Date(compared), now)
      : comparison === undefined
        ? 'a week before'
        : 'nothing';
  return (
    <div className={classes.filters}>
      <FiltersBar
        columns={fields?.columns ?? []}
        params={params}
        onChange={onChange}
        pinned={PINNED}
        hasText
        isPast={asOf !== null}
        note={
          <span className={classes.moments}>
            <MomentChip
              label="As of"
              value={asOf}
              earliest={numbers?.basis.history_began}
              onChange={(instant) => {
                onChange(withParam(params, 'as_of', instant));
              }}
            />
            <MomentChip
              label="Compared with"
              value={params.get('compared_with')}
              unset={{ word: 'A week before', said: usual }}
              earliest={numbers?.basis.history_began}
              onChange={(instant) => {
                onChange(withParam(params, 'compared_with', instant));
              }}
            />
          </span>
        }
      />
    </div>
  );
}
