/** What a cell shows: canonical columns by their key, fields of the CRM by their kind. */
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Avatar } from '@/components/avatar/avatar';
import { RECORD_STATES } from '@/components/status/vocabulary';
import { Moment } from '@/components/time/moment';
import { formatAmount, formatDay, formatNumber, formatPercent, formatWhole } from '@/lib/format';
import { noRateWords } from '@/lib/missing-rates';
import type { ColumnLine, DealRow } from '../api/queries';
import { rateWords, type RateWords } from '../lib/rate-words';
import classes from './cell.module.css';
import { StageBlocks } from './stage-blocks';

export type CellContext = {
  now: Date;
  /** The organisation's date. */
  today: string | undefined;
  rates: RateWords;
};

type CellProps = { row: DealRow; column: ColumnLine; context: CellContext };

export function Cell({ row, column, context }: CellProps): ReactNode {
  switch (column.key) {
    case 'state':
      return <StateIcon row={row} />;
    case 'account':
    case 'owner':
      return <Named named={row[column.key]} isPerson={column.key === 'owner'} />;
    case 'stage':
      return row.stage && <StageBlocks stage={row.stage} />;
    case 'amount':
      return row.amount === null ? null : (
        <span className={classes.soft}>
          {row.currency === null ? formatWhole(row.amount) : formatAmount(row.amount, row.currency)}
        </span>
      );
    case 'currency':
      return <span className={classes.code}>{row.currency}</span>;
    case 'value':
      return <Value row={row} context={context} />;
    case 'closing_date':
      return <Closing row={row} context={context} />;
    case 'changed_at':
      return (
        <span className={classes.dim}>
          <Moment at={row.changed_at} />
        </span>
      );
    default: {
      const value = column.is_crm_field
        ? row.fields[column.key]
        : (row[column.key as keyof DealRow] as unknown);
      return plain(value, column.kind, row, context.now);
    }
  }
}

/** Returns a value as its kind is written. What the CRM holds under a field is open, so it is looked at. */
function plain(value: unknown, kind: ColumnLine['kind'], row: DealRow, now: Date): ReactNode {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && 'name' in value) {
    return typeof value.name === 'string' ? value.name : null;
  }
  if (typeof value === 'number') {
    if (kind === 'percent') return formatPercent(value);
    if (kind === 'value') return formatWhole(value);
    if (kind === 'money') return formatAmount(value, row.currency ?? '');
    return kind === 'detail' ? `${formatWhole(value)} ×` : formatNumber(value);
  }
  if (typeof value !== 'string') return null;
  if (kind === 'date') return formatDay(value, now);
  return kind === 'instant' ? <Moment at={value} as="when" /> : value;
}

function StateIcon({ row }: { row: DealRow }) {
  // As of a past moment it is not known.
  if (row.state === null) return null;
  const { icon: Icon, hue, word, sentence } = RECORD_STATES[row.state];
  const said = `${word}. ${row.error ?? sentence}`;
  return (
    <span
      className={classes.state}
      data-hue={hue ?? undefined}
      role="img"
      aria-label={said}
      title={said}
    >
      <Icon size={15} stroke={1.7} aria-hidden />
    </span>
  );
}

function Named({ named, isPerson }: { named: DealRow['owner']; isPerson: boolean }) {
  if (named === null) return null;
  const name = named.name ?? `No name, id ${named.id}`;
  if (!isPerson) return <span className={classes.soft}>{name}</span>;
  return (
    <span className={classes.person}>
      <Avatar name={name} size={18} />
      <span className={classes.cut}>{named.name?.split(' ')[0] ?? name}</span>
    </span>
  );
}

function Value({ row, context }: { row: DealRow; context: CellContext }) {
  if (row.amount === null) return null;
  if (row.value === null) {
    return (
      <span className={classes.noRate} title={noRateWords(row.currency, context.rates.base)}>
        <IconAlertTriangle size={13} stroke={1.7} aria-hidden /> No rate
      </span>
    );
  }
  return (
    <strong className={classes.value} title={rateWords(row, context.rates, context.now)}>
      {formatWhole(row.value)}
    </strong>
  );
}

function Closing({ row, context }: { row: DealRow; context: CellContext }) {
  if (row.closing_date === null) return null;
  const isOpen = row.stage?.outcome === 'open';
  const isOverdue = isOpen && context.today !== undefined && row.closing_date < context.today;
  return (
    <time
      dateTime={row.closing_date}
      className={isOverdue ? classes.overdue : classes.soft}
      title={isOverdue ? 'The closing date has passed' : undefined}
    >
      {formatDay(row.closing_date, context.now)}
    </time>
  );
}
