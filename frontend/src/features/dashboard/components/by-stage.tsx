/** The open pipeline by stage, in the CRM's order. */
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { symbolOf } from '@/lib/format';
import type { Dashboard } from '../api/queries';
import { dealsOfStage, openDeals } from '../lib/links';
import { Bars } from './bars';

/** The bar of the first stage is this pale, so that it still stands out from the sheet. */
const PALEST = 0.4;

export function ByStage({ dashboard }: { dashboard: Dashboard }) {
  const { base_currency: base, by_stage: stages, total } = dashboard;
  const steps = Math.max(1, stages.length - 1);
  return (
    <Section title="Pipeline by stage" hint={`${base}, in the CRM’s order`}>
      {stages.length === 0 ? (
        <NothingHere>No deal is open.</NothingHere>
      ) : (
        <Bars
          label="Pipeline by stage"
          what="Stage"
          currency={base}
          symbol={symbolOf(base)}
          rows={stages.map((row, place) => ({
            ...row,
            key: row.stage ?? '',
            name: row.label,
            to: dealsOfStage(dashboard, row.stage),
            strength: PALEST + ((1 - PALEST) * place) / steps,
          }))}
          total={{ name: 'Total', to: openDeals(dashboard), ...total }}
        />
      )}
    </Section>
  );
}
