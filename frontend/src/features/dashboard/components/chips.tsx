/** Which pipeline the page is about: closing, probability, outcome, and what it is compared with. */
import { IconCalendar } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { MomentChip } from '@/components/as-of/moment-chip';
import { FilterChip } from '@/components/deal-filters/filter-chip';
import { ALL, allFilters, isSet } from '@/components/deal-filters/filters';
import { useNow } from '@/lib/now';
import { PINNED, withParam } from '@/lib/pipeline-address';
import { dealsColumns } from '@/lib/queries/deals';
import type { Numbers } from '@/lib/queries/pipeline';
import { usePhone } from '../lib/phone';
import { briefly, periodWords } from '../lib/words';
import classes from './chips.module.css';

type ChipsProps = {
  params: URLSearchParams;
  /** Tells which days and which moment are meant, once it is known. */
  numbers: Numbers | undefined;
  onChange: (params: URLSearchParams) => void;
};

export function Chips({ params, numbers, onChange }: ChipsProps) {
  const now = useNow('minute');
  const isPhone = usePhone();
  const { data: fields } = useQuery({ ...dealsColumns, enabled: params.has('field') });
  const filters = allFilters(fields?.columns ?? [], { hasText: true });
  const isPinned = (key: string): boolean => PINNED.some((each) => each === key);
  const shown = [
    ...PINNED.flatMap((key) => filters.find((filter) => filter.key === key) ?? []),
    // The page offers no more than these; what an address says besides is shown all the same.
    ...filters.filter((filter) => !isPinned(filter.key) && isSet(params, filter)),
  ];
  const { basis, comparison } = numbers ?? {};
  const isAlways = params.get('closing') === ALL;
  const period = basis && !isAlways ? periodWords(basis.closing_from, basis.closing_to) : null;
  const compared = comparison?.compared_with ?? null;
  const usual =
    compared !== null
      ? briefly(new Date(compared), now)
      : comparison === undefined
        ? 'a week before'
        : 'nothing';
  return (
    <div className={classes.chips} role="group" aria-label="Which pipeline">
      {shown.map((filter) => (
        <FilterChip
          key={filter.key}
          filter={filter}
          params={params}
          onChange={onChange}
          isAdded={false}
          isPinned={isPinned(filter.key)}
          onClosed={noop}
          {...(filter.key === 'closing' && {
            icon: <IconCalendar size={14} stroke={1.7} aria-hidden />,
            ...(period !== null && { said: period }),
          })}
          {...((filter.key === 'probability' || filter.key === 'outcome') && { icon: null })}
        />
      ))}
      <MomentChip
        label={isPhone ? 'vs' : 'Compared with'}
        value={params.get('compared_with')}
        unset={{ word: 'A week before', said: usual }}
        earliest={basis?.history_began}
        onChange={(instant) => {
          onChange(withParam(params, 'compared_with', instant));
        }}
      />
    </div>
  );
}

function noop(): void {
  // A chip that always stands has nothing to tidy up when it closes.
}
