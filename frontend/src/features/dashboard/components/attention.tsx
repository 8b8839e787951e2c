/** The deals that need somebody, worst first: what is wrong in words, whose they are, their worth. */
import { Skeleton, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { StateBadge } from '@/components/status/state-badge';
import { HEALTH_STATES } from '@/components/status/vocabulary';
import { formatAmount, formatWhole, NONE, symbolOf } from '@/lib/format';
import type { NeedyDeal, NeedyDeals } from '../api/queries';
import { needyDeals, opportunities } from '../lib/links';
import { usePhone } from '../lib/phone';
import { mainReason, nothingToDo } from '../lib/words';
import classes from './attention.module.css';

const ROWS = 6;
const ROWS_ON_PHONE = 3;
const HEIGHT = 298;

type AttentionProps = {
  query: UseQueryResult<NeedyDeals>;
  /** The page's filters that hold in any phase. */
  params: URLSearchParams;
  /** `as of 06:27`, while the mirror is old. */
  asOf: string | null;
  now: Date;
};

export function Attention({ query, params, asOf, now }: AttentionProps) {
  const { data } = query;
  const isPhone = usePhone();
  const all = 'All deals that need attention';
  return (
    <Section
      title="Deals that need you"
      {...(data && data.count > 0 && { hint: <Hint needy={data} params={params} asOf={asOf} /> })}
      action={
        <Link to={needyDeals(params)} {...(isPhone && { 'aria-label': all })}>
          {isPhone ? 'All' : all} →
        </Link>
      }
    >
      <QueryPanel
        query={query}
        failed="The deals that need you could not be found"
        minHeight={HEIGHT}
        skeleton={<Waiting />}
      >
        {(needy) =>
          needy.items.length === 0 ? (
            <NothingHere>
              <IconCheck size={15} stroke={1.8} className={classes.check} aria-hidden />{' '}
              {nothingToDo(now)}
            </NothingHere>
          ) : (
            <Shown needy={needy} />
          )
        }
      </QueryPanel>
    </Section>
  );
}

type HintProps = { needy: NeedyDeals; params: URLSearchParams; asOf: string | null };

function Hint({ needy: { count, own }, params, asOf }: HintProps) {
  return (
    <>
      {formatWhole(count)} in all phases, worst first
      {asOf !== null && `, ${asOf}`}
      {own !== null && own.deals > 0 && (
        <>
          {' · '}
          <Link
            className={classes.own}
            to={opportunities(params, { attention: 'true', owner: own.owner })}
          >
            {formatWhole(own.deals)} yours
          </Link>
        </>
      )}
    </>
  );
}

function Shown({ needy: { items, basis } }: { needy: NeedyDeals }) {
  const isPhone = usePhone();
  const [isWhole, showWhole] = useState(false);
  const shown = isPhone && !isWhole ? items.slice(0, ROWS_ON_PHONE) : items;
  const further = items.length - shown.length;
  return (
    <>
      <table className={classes.table} aria-label="Deals that need you">
        <Head money={symbolOf(basis.base_currency)} />
        <tbody>
          {shown.map((deal) => (
            <Row key={deal.id} deal={deal} currency={basis.base_currency} />
          ))}
        </tbody>
      </table>
      {further > 0 && (
        <UnstyledButton
          className={classes.more ?? ''}
          onClick={() => {
            showWhole(true);
          }}
        >
          Show {formatWhole(further)} more
        </UnstyledButton>
      )}
    </>
  );
}

function Head({ money }: { money: ReactNode }) {
  return (
    <thead>
      <tr>
        <th scope="col">Deal</th>
        <th scope="col" className={classes.why}>
          Why
        </th>
        <th scope="col" className={classes.owner}>
          Owner
        </th>
        <th scope="col" className={classes.value}>
          {money}
        </th>
      </tr>
    </thead>
  );
}

function Row({ deal, currency }: { deal: NeedyDeal; currency: string }) {
  const name = deal.name ?? `Deal ${deal.id}`;
  const more = deal.signals > 1 ? ` And ${formatWhole(deal.signals - 1)} more.` : '';
  return (
    <tr>
      <th scope="row" className={classes.deal}>
        <Link to={`/o2r/opportunities/${deal.id}`} title={name}>
          {name}
        </Link>
        <span className={classes.account}>
          {deal.account ?? NONE}
          <span className={classes.beside}> · {ownerWords(deal)}</span>
        </span>
      </th>
      <td className={classes.why} title={`${deal.reason}${more} ${deal.next_step}.`}>
        <span className={classes.reason}>
          <StateBadge state={HEALTH_STATES[deal.health]} />
          <span className={classes.words}>{mainReason(deal.reason)}</span>
        </span>
      </td>
      <td className={classes.owner}>{ownerWords(deal)}</td>
      <td className={classes.value}>
        {deal.value === null ? NONE : formatAmount(deal.value, currency)}
      </td>
    </tr>
  );
}

const ownerWords = ({ owner, is_own: isOwn }: NeedyDeal): string =>
  isOwn ? 'You' : (owner ?? NONE);

const WIDTHS = [82, 72, 52, 64, 70, 58];

function Waiting() {
  return (
    <table className={classes.table} aria-hidden>
      <Head money="" />
      <tbody>
        {Array.from({ length: ROWS }, (_, place) => (
          <tr key={place}>
            <th>
              <Skeleton height={12} width={`${WIDTHS[place] ?? 60}%`} />
              <Skeleton height={10} width={`${(WIDTHS[place] ?? 60) - 20}%`} mt={6} />
            </th>
            <td className={classes.why}>
              <Skeleton height={12} width={`${WIDTHS[(place + 2) % ROWS] ?? 60}%`} />
            </td>
            <td className={classes.owner}>
              <Skeleton height={12} width="72%" />
            </td>
            <td className={classes.value}>
              <Skeleton height={12} width="72%" ml="auto" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
