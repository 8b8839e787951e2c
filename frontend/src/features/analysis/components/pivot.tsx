/** The pipeline by one dimension against another, as a heat table with totals. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { symbolOf } from '@/lib/format';
import { dealsColumns } from '@/lib/queries/deals';
import { breakdownQuery } from '../api/queries';
import { questionOf, withParam } from '@/lib/pipeline-address';
import {
  type Breakdown,
  DEFAULT_LAYOUT,
  dimensionsFor,
  layoutOf,
  type Layout,
  MEASURES,
  NO_COLUMNS,
} from '../lib/pivot';
import { ChoiceChip } from './choice-chip';
import { PivotTable } from './pivot-table';
import classes from './pivot.module.css';

const ROWS = 8;
const ROW = 30;

type PivotProps = {
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
  onClear: () => void;
};

export function Pivot({ params, onChange, onClear }: PivotProps) {
  const layout = layoutOf(params);
  const breakdown = useQuery(breakdownQuery(questionOf(params), layout));
  const { data: fields } = useQuery(dealsColumns);
  const dimensions = dimensionsFor(fields?.columns ?? [], {
    isPast: params.has('as_of'),
    measure: layout.measure,
  });
  const labelOf = (key: string): string =>
    dimensions.find(({ value }) => value === key)?.label ?? key.replace(/^crm\./, '');
  const set = (name: keyof Layout, value: string): void => {
    const after = withParam(params, name, value === DEFAULT_LAYOUT[name] ? null : value);
    // Rows that were open are rows of another table.
    if (name === 'rows') after.delete('open');
    onChange(after);
  };
  const title = `By ${labelOf(layout.rows).toLowerCase()}`;
  return (
    <Section
      title={title}
      hint={breakdown.data && hintOf(breakdown.data)}
      action={
        <span className={classes.chips}>
          <ChoiceChip
            label="Rows"
            value={layout.rows}
            choices={dimensions.filter(({ value }) => value !== layout.columns)}
            onChange={(value) => {
              set('rows', value);
            }}
          />
          <ChoiceChip
            label="Columns"
            value={layout.columns}
            choices={[
              { value: NO_COLUMNS, label: 'None' },
              ...dimensions.filter(({ value }) => value !== layout.rows),
            ]}
            onChange={(value) => {
              set('columns', value);
            }}
          />
          <ChoiceChip
            label="Measure"
            value={layout.measure}
            choices={MEASURES}
            onChange={(value) => {
              set('measure', value);
            }}
          />
        </span>
      }
    >
      <QueryPanel
        query={breakdown}
        failed="The breakdown could not be computed"
        minHeight={ROWS * ROW}
        skeleton={<PivotSkeleton />}
      >
        {(found) =>
          found.rows.length === 0 ? (
            <NothingHere>
              No deals match these filters.{' '}
              <button type="button" className={classes.clear} onClick={onClear}>
                Clear filters
              </button>
            </NothingHere>
          ) : (
            <PivotTable
              breakdown={found}
              label={title}
              rowsLabel={labelOf(layout.rows)}
              layout={layout}
              params={params}
              onChange={onChange}
            />
          )
        }
      </QueryPanel>
    </Section>
  );
}

/** `S$, the fuller the colour, the more. Click a figure to open its deals` */
function hintOf({ basis, measure, closed }: Breakdown): string {
  const unit = {
    value: symbolOf(basis.base_currency),
    weighted: `${symbolOf(basis.base_currency)} by probability`,
    deals: 'number of deals',
    average_size: `${symbolOf(basis.base_currency)} a deal`,
    average_probability: 'mean',
    win_rate: closed === null ? 'won of closed' : `won of those closed since ${closed.closed_from}`,
  }[measure];
  return `${unit}, the fuller the colour, the more. Click a figure to open its deals`;
}

export function PivotSkeleton() {
  return (
    <div className={classes.waiting}>
      {Array.from({ length: ROWS }, (_, row) => (
        <div key={row} className={classes.waitingRow}>
          <Skeleton height={12} width={90} />
          <Skeleton height={12} width="100%" />
        </div>
      ))}
    </div>
  );
}
