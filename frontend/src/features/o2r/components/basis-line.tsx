/** What the figures rest on: rates, what is missing in them, conflicts that touch them. */
import { Basis } from '@/components/basis/basis';
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { formatWhen } from '@/lib/format';
import { dealsWithoutRate } from '@/lib/missing-rates';
import type { O2rDashboard } from '../api/queries';
import { groundOf } from '../lib/links';

type BasisLineProps = { basis: O2rDashboard['basis']; territory: string | null; now: Date };

export function BasisLine({ basis, territory, now }: BasisLineProps) {
  return (
    <Basis conflicts={basis.conflicts?.deals ?? 0}>
      All values in {basis.base_currency}
      {basis.rates_read_at === null
        ? '.'
        : `, at the CRM’s rates of ${formatWhen(new Date(basis.rates_read_at), now)}.`}
      <MissingRates
        missing={basis.without_rate}
        to={(currencies) => dealsWithoutRate(currencies, groundOf({ basis }, territory))}
      />
    </Basis>
  );
}
