/** What amounts are summed in, the CRM's rates with how they went, and the deals that lack one. */
import { Button, Select, Skeleton, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { MissingRates } from '@/components/missing-rates/missing-rates';
import { Note } from '@/components/note/note';
import { Section } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { RowsTable } from '@/components/rows-table/rows-table';
import { Moment } from '@/components/time/moment';
import { counted, formatDay, formatWhole, NONE } from '@/lib/format';
import { useNow } from '@/lib/now';
import { useMay } from '@/lib/queries/session';
import { shortRate } from '../lib/rate-words';
import {
  type CurrencyRate,
  type CurrencyRates,
  FRESH_FOR_DAYS,
  ratesQuery,
  useChangeBase,
  useRefreshRates,
} from '../api/currencies';
import classes from './currencies.module.css';
import { RateHistory } from './rate-history';

export function Currencies() {
  const rates = useQuery(ratesQuery);
  const refresh = useRefreshRates();
  const mayRefresh = useMay('editor');
  const readAt = rates.data?.read_at;
  return (
    <div className={classes.section}>
      <Section
        title="Currencies"
        hint={
          readAt ? (
            <>
              rates of the CRM, read <Moment at={readAt} />
            </>
          ) : (
            'rates of the CRM'
          )
        }
        action={
          mayRefresh && (
            <Tooltip label="Reads the CRM’s currencies now: 1 call, 1 credit. It happens hourly besides.">
              <Button
                leftSection={<IconRefresh size={15} stroke={1.7} aria-hidden />}
                loading={refresh.isPending}
                onClick={() => {
                  refresh.mutate();
                }}
                aria-label="Refresh rates"
              >
                Refresh
              </Button>
            </Tooltip>
          )
        }
      >
        <QueryPanel
          query={rates}
          failed="The rates could not be read"
          minHeight={220}
          skeleton={<Skeleton h={220} />}
        >
          {(found) => <Rates rates={found} />}
        </QueryPanel>
      </Section>
    </div>
  );
}

function Rates({ rates }: { rates: CurrencyRates }) {
  const now = useNow('minute');
  return (
    <>
      <Base rates={rates} />
      <Trouble rates={rates} now={now} />
      <RowsTable label="Rates" className={classes.table}>
        <thead>
          <tr>
            <th>Currency</th>
            <th data-number>1 unit in {rates.base_currency}</th>
            <th className={classes.wide} data-number>
              For 1 {rates.home_currency ?? 'home unit'}
            </th>
            <th className={classes.wide}>Since</th>
            <th>Changes</th>
            <th data-number>Deals</th>
          </tr>
        </thead>
        <tbody>
          {rates.items.map((rate) => (
            <Row key={rate.currency} rate={rate} base={rates.base_currency} now={now} />
          ))}
        </tbody>
      </RowsTable>
    </>
  );
}

/** What everything is summed in; an admin may choose another currency that has a rate. */
function Base({ rates }: { rates: CurrencyRates }) {
  const isAdmin = useMay('admin');
  const change = useChangeBase();
  const base = rates.base_currency;
  const choices = rates.items.filter(
    ({ currency, rate, is_active }) => currency === base || (rate !== null && is_active),
  );
  return (
    <div className={classes.base}>
      {isAdmin ? (
        <Select
          label="Base currency"
          description="All totals, on all pages and for everybody, are in it."
          value={base}
          data={choices.map((rate) => ({
            value: rate.currency,
            label: [rate.currency, nameOf(rate)].filter(Boolean).join(', '),
          }))}
          allowDeselect={false}
          searchable
          disabled={change.isPending}
          onChange={(wanted) => {
            if (wanted !== null && wanted !== base) change.mutate(wanted);
          }}
        />
      ) : (
        <p className={classes.words}>
          All totals are in <strong>{base}</strong>.
        </p>
      )}
    </div>
  );
}

function Trouble({ rates, now }: { rates: CurrencyRates; now: Date }) {
  const missing = [
    ...rates.items.map(({ currency, without_rate: deals }) => ({ currency, deals })),
    { currency: null, deals: rates.deals_without_currency },
  ].filter(({ deals }) => deals > 0);
  const valued = rates.items.reduce((sum, { by_crm_rate: count }) => sum + count, 0);
  const days =
    rates.read_at === null
      ? null
      : Math.floor((now.getTime() - new Date(rates.read_at).getTime()) / 86_400_000);
  return (
    <div className={classes.notes}>
      {days !== null && days >= FRESH_FOR_DAYS && (
        <Note kind="warning">
          The rates are {counted(days, 'day')} old. {counted(valued, 'deal')}{' '}
          {valued === 1 ? 'is' : 'are'} valued by them.
        </Note>
      )}
      <MissingRates
        missing={missing}
        to={(currencies) =>
          `/deals?${new URLSearchParams(currencies.map((each) => ['currency', each])).toString()}`
        }
      />
    </div>
  );
}

function Row({ rate, base, now }: { rate: CurrencyRate; base: string; now: Date }) {
  const { currency, history } = rate;
  return (
    <tr>
      <td>
        <span className={classes.code}>{currency}</span>{' '}
        <span className={classes.name}>{nameOf(rate) ?? 'Not in the CRM’s list'}</span>
        <span className={classes.what}>{whatOf(rate)}</span>
      </td>
      <td data-number>
        {rate.in_base === null ? (
          <span className={classes.none}>No rate</span>
        ) : (
          <span title={`1 ${currency} is ${rate.in_base} ${base}`}>{shortRate(rate.in_base)}</span>
        )}
      </td>
      <td className={classes.wide} data-number>
        {rate.rate === null ? NONE : shortRate(rate.rate)}
      </td>
      <td className={classes.wide}>{rate.since === null ? NONE : formatDay(rate.since, now)}</td>
      <td>
        <RateHistory rate={rate} base={base} now={now} />
        {history.length < 2 && NONE}
      </td>
      <td data-number>
        {rate.deals === 0 ? (
          '0'
        ) : (
          <Link to={`/deals?currency=${currency}`} className={classes.deals}>
            {formatWhole(rate.deals)}
          </Link>
        )}
      </td>
    </tr>
  );
}

/** The CRM may put the code behind a currency's name, where it stands already. */
const nameOf = ({ currency, name }: CurrencyRate): string | undefined =>
  name?.replace(new RegExp(` - ${currency}$`), '');

function whatOf({ is_home, is_base, is_active, is_known }: CurrencyRate): string {
  const words = [];
  if (is_base) words.push('base');
  if (is_home) words.push('home');
  if (is_known && !is_active) words.push('inactive');
  return words.join(', ');
}
