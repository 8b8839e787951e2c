/** Opportunities that moved alike, worst first: from what health to what, and why. */
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { DealLines } from '@/components/deal-lines/deal-lines';
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { StateBadge } from '@/components/status/state-badge';
import { HEALTH_STATES } from '@/components/status/vocabulary';
import { counted, formatAmount, formatWhole, NONE, symbolOf } from '@/lib/format';
import type { MoveList as List, ReviewDeal } from '../api/queries';
import { GROUP_MEANING, GROUP_TITLE, whyOf } from '../lib/words';
import classes from './tables.module.css';

/** Of lists that ask for nothing, the worst few are enough. */
const SHOWN = { worse: 10, improved: 10, new: 5, stable: 5 } as const;
const NOTHING = {
  worse: 'No opportunity got worse.',
  improved: 'No opportunity improved.',
  new: 'No opportunity is new.',
  stable: 'No opportunity stayed as it was.',
} as const;

type MoveListProps = { list: List; currency: string; linkToAll: string };

export function MoveList({ list, currency, linkToAll }: MoveListProps) {
  const shown = list.items.slice(0, SHOWN[list.move]);
  const unit = symbolOf(currency);
  return (
    <Section
      title={GROUP_TITLE[list.move]}
      hint={
        list.deals === 0
          ? GROUP_MEANING[list.move]
          : `${counted(list.deals, 'deal')}, ${unit} ${formatAmount(list.value, currency)}, worst first`
      }
      {...(list.deals > shown.length && {
        action: (
          <Link className={classes.all} to={linkToAll}>
            All {formatWhole(list.deals)} →
          </Link>
        ),
      })}
    >
      {shown.length === 0 ? (
        <NothingHere>{NOTHING[list.move]}</NothingHere>
      ) : (
        <DealLines label={GROUP_TITLE[list.move]} className={classes.deals}>
          <thead>
            <tr>
              <th scope="col">Deal</th>
              <th scope="col" className={classes.owner}>
                Owner
              </th>
              <th scope="col" className={classes.health}>
                Health
              </th>
              <th scope="col">Why</th>
              <th scope="col" className={classes.value} data-value>
                {unit}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((deal) => (
              <Row key={deal.id} deal={deal} currency={currency} />
            ))}
          </tbody>
        </DealLines>
      )}
    </Section>
  );
}

function Row({ deal, currency }: { deal: ReviewDeal; currency: string }) {
  const name = deal.name ?? `id ${deal.id}`;
  const why = whyOf(deal);
  return (
    <tr>
      <th scope="row">
        <Link to={`/o2r/opportunities/${deal.id}`} title={name}>
          {name}
        </Link>
      </th>
      <td className={classes.owner}>{deal.owner ?? NONE}</td>
      <td className={classes.health}>
        <HealthChange deal={deal} />
      </td>
      <td className={classes.why} title={deal.reason ?? why}>
        {why}
      </td>
      <td className={classes.value} data-value>
        {deal.value === null ? NONE : formatAmount(deal.value, currency)}
      </td>
    </tr>
  );
}

/** `Healthy 100 → At risk 60`; one that was not open says only how it is. */
export function HealthChange({ deal }: { deal: ReviewDeal }) {
  const { health, score, health_then: before, score_then: scoreBefore } = deal;
  const isMoved = before !== null && (before !== health || scoreBefore !== score);
  return (
    <span className={classes.change}>
      {isMoved && (
        <>
          <span className={classes.before}>
            {HEALTH_STATES[before].word} {scoreBefore}
          </span>
          <IconArrowRight size={12} stroke={1.8} role="img" aria-label="now" aria-hidden={false} />
        </>
      )}
      <StateBadge state={HEALTH_STATES[health]} /> <span className={classes.score}>{score}</span>
    </span>
  );
}
