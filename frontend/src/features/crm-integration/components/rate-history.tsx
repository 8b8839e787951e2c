/** How a currency's rate went: a small line, and on a press each of its changes. */
import { Popover, UnstyledButton } from '@mantine/core';
import { Sparkline } from '@/components/charts/sparkline';
import { counted, formatDay } from '@/lib/format';
import type { CurrencyRate } from '../api/currencies';
import { shortRate } from '../lib/rate-words';
import classes from './currencies.module.css';

export function RateHistory({ rate, base, now }: { rate: CurrencyRate; base: string; now: Date }) {
  const { currency, history } = rate;
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined || history.length < 2) return null;
  const since = formatDay(first.since, now);
  const words = `${currency} changed ${counted(history.length - 1, 'time')} since ${since}, from ${worth(first.in_base)} to ${worth(last.in_base)} ${base}`;
  return (
    <Popover position="bottom" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.spark ?? ''}>
          <Sparkline points={history.map(numberOf)} label={words} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={classes.steps} aria-label={`Rates of ${currency}`} tabIndex={-1}>
          {history.toReversed().map((step) => (
            <li key={step.since}>
              <span className={classes.name}>{formatDay(step.since, now)}</span>
              <span>{worth(step.in_base)}</span>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

const numberOf = ({ in_base: rate }: CurrencyRate['history'][number]): number | null =>
  rate === null ? null : Number(rate);

const worth = (rate: string | null): string => (rate === null ? 'no rate' : shortRate(rate));
