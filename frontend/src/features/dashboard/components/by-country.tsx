/** The open pipeline by country: the five greatest, and the rest as one. */
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { formatWhole, symbolOf } from '@/lib/format';
import type { Dashboard } from '../api/queries';
import { dealsOfCountry } from '../lib/links';
import { Bars, type BarRow } from './bars';

export function ByCountry({ dashboard }: { dashboard: Dashboard }) {
  const { base_currency: base, by_country: countries, other_countries: others } = dashboard;
  const rows: BarRow[] = countries.map((row) => ({
    ...row,
    key: row.country ?? '',
    name: row.country ?? 'No country',
    to: dealsOfCountry(dashboard, row.country),
    strength: 1,
  }));
  if (others !== null) {
    rows.push({ ...others, key: '…', name: `${formatWhole(others.countries)} more` });
  }
  return (
    <Section title="Pipeline by country" hint={`${base}, greatest first`}>
      {rows.length === 0 ? (
        <NothingHere>No deal is open.</NothingHere>
      ) : (
        <Bars
          label="Pipeline by country"
          what="Country"
          currency={base}
          symbol={symbolOf(base)}
          rows={rows}
        />
      )}
    </Section>
  );
}
