/** The pipeline by stage and by country: sorted bars whose rows open their deals. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { formatWhole, symbolOf } from '@/lib/format';
import { dealsAddress, narrowed } from '@/lib/pipeline-address';
import { type Breakdown, pipelineBreakdown } from '@/lib/queries/pipeline';
import type { Asked } from '../lib/asked';
import { WITHOUT_LIMITS } from '../lib/links';
import { Bars, type BarRow } from './bars';
import { BarsSkeleton } from './bars-skeleton';

const STAGES = 5;
const COUNTRIES = 5;
const ROW = 30;
/** The bar of the first stage is this pale, so that it still stands out from the sheet. */
const PALEST = 0.4;

type SharesProps = { asked: Asked };

export function ByStage({ asked }: SharesProps) {
  return (
    <Shares
      asked={asked}
      title="Pipeline by stage"
      what="Stage"
      dimension="stage"
      failed="The pipeline by stage could not be computed"
      rows={STAGES}
      barsOf={({ rows }) =>
        rows.map((row, place) => ({
          ...barOf(row, asked),
          strength: PALEST + ((1 - PALEST) * place) / Math.max(1, rows.length - 1),
        }))
      }
      hasTotal
    />
  );
}

export function ByCountry({ asked }: SharesProps) {
  return (
    <Shares
      asked={asked}
      title="Pipeline by country"
      what="Country"
      dimension="country"
      failed="The pipeline by country could not be computed"
      rows={COUNTRIES}
      barsOf={({ rows }) => {
        const [first, rest] = [rows.slice(0, COUNTRIES), rows.slice(COUNTRIES)];
        const bars: BarRow[] = first.map((row) => ({ ...barOf(row, asked), strength: 1 }));
        return rest.length === 0 ? bars : [...bars, othersOf(rest)];
      }}
    />
  );
}

type Row = Breakdown['rows'][number];

function barOf({ heading, deals, value }: Row, { params }: Asked): BarRow {
  return {
    key: `${heading.kind} ${heading.key ?? ''}`,
    name: heading.label,
    deals,
    value,
    ...(heading.filter !== null && { to: dealsAddress(narrowed(params, heading.filter)) }),
  };
}

const othersOf = (rest: readonly Row[]): BarRow => ({
  key: 'others',
  name: `${formatWhole(rest.reduce((sum, { heading }) => sum + heading.groups, 0))} more`,
  deals: rest.reduce((sum, row) => sum + row.deals, 0),
  value: rest.reduce((sum, row) => sum + row.value, 0),
});

type PanelProps = {
  asked: Asked;
  title: string;
  what: string;
  dimension: string;
  failed: string;
  rows: number;
  barsOf: (found: Breakdown) => BarRow[];
  hasTotal?: boolean;
};

function Shares(props: PanelProps) {
  const { asked, title, what, dimension, failed, rows, barsOf, hasTotal = false } = props;
  const query = useQuery(
    pipelineBreakdown(asked.pipeline, { rows: dimension, columns: null, measure: 'value' }),
  );
  const base = query.data?.basis.base_currency;
  return (
    <Section title={title} {...(base !== undefined && { hint: symbolOf(base) })}>
      <QueryPanel
        query={query}
        failed={failed}
        minHeight={(rows + 1) * ROW}
        skeleton={<BarsSkeleton rows={rows + 1} />}
      >
        {(found) =>
          found.rows.length === 0 ? (
            <NothingHere>
              No deals match these filters. <Link to={WITHOUT_LIMITS}>Clear filters</Link>
            </NothingHere>
          ) : (
            <Bars
              label={title}
              what={what}
              currency={found.basis.base_currency}
              rows={barsOf(found)}
              {...(hasTotal && {
                total: {
                  name: 'Total',
                  to: dealsAddress(asked.params),
                  deals: found.total.deals,
                  value: found.total.value,
                },
              })}
            />
          )
        }
      </QueryPanel>
    </Section>
  );
}
