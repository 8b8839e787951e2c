/** The opportunities that need somebody, worst first: what is wrong, and what to do next. */
import { Link } from 'react-router';
import { DealLines } from '@/components/deal-lines/deal-lines';
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { StateBadge } from '@/components/status/state-badge';
import { HEALTH_STATES } from '@/components/status/vocabulary';
import { formatAmount, formatWhole, NONE, symbolOf } from '@/lib/format';
import type { NeedyOpportunity, O2rDashboard } from '../api/queries';
import { groundOf, opportunities, opportunity } from '../lib/links';
import { numeral } from '../lib/words';
import classes from './needs-attention.module.css';

type NeedsAttentionProps = { dashboard: O2rDashboard; territory: string | null };

export function NeedsAttention({ dashboard, territory }: NeedsAttentionProps) {
  const { attention, open, basis } = dashboard;
  const { base_currency: base } = basis;
  return (
    <Section
      title="Needs attention"
      hint={
        attention.count > 0 &&
        `${formatWhole(attention.count)} of ${formatWhole(open.deals)} deals, worst first`
      }
      {...(attention.count > 0 && {
        action: (
          <Link to={opportunities({ attention: true, ...groundOf(dashboard, territory) })}>
            All →
          </Link>
        ),
      })}
    >
      {attention.items.length === 0 ? (
        <NothingHere>
          {open.deals === 0 ? 'No open opportunities.' : 'No opportunity needs you now.'}
        </NothingHere>
      ) : (
        <DealLines label="Opportunities that need attention" className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Deal</th>
              <th scope="col" className={classes.phase}>
                Phase
              </th>
              <th scope="col">Signal</th>
              <th scope="col" className={classes.next}>
                Do next
              </th>
              <th scope="col" className={classes.value} data-value>
                {symbolOf(base)}
              </th>
            </tr>
          </thead>
          <tbody>
            {attention.items.map((item) => (
              <Row key={item.id} item={item} currency={base} />
            ))}
          </tbody>
        </DealLines>
      )}
    </Section>
  );
}

function Row({ item, currency }: { item: NeedyOpportunity; currency: string }) {
  const name = item.name ?? `id ${item.id}`;
  return (
    <tr>
      <th scope="row">
        <Link to={opportunity(item.id)} title={name}>
          {name}
        </Link>
      </th>
      <td className={classes.phase}>{numeral(item.number)}</td>
      <td className={classes.signal} title={item.reason}>
        <span className={classes.why}>
          <StateBadge state={HEALTH_STATES[item.health]} />
          <span className={classes.brief}>{item.brief}</span>
        </span>
      </td>
      <td className={classes.next} title={item.advice}>
        {item.next_step}
      </td>
      <td className={classes.value} data-value>
        {item.value === null ? NONE : formatAmount(item.value, currency)}
      </td>
    </tr>
  );
}
