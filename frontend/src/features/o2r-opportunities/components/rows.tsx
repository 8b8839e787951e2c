/** One opportunity: as a row of the table, and on a phone in three lines. */
import { IconStarFilled } from '@tabler/icons-react';
import { Link } from 'react-router';
import { StateBadge } from '@/components/status/state-badge';
import { HEALTH_STATES, RECORD_STATES } from '@/components/status/vocabulary';
import { formatDay, formatWhole, NONE, symbolOf } from '@/lib/format';
import { phaseOf } from '@/lib/o2r-words';
import { openedFrom } from '@/lib/opportunities-list';
import type { Opportunity } from '@/lib/queries/opportunities';
import classes from './opportunities.module.css';

type RowProps = {
  row: Opportunity;
  /** Its place in the list, from 0. */
  place: number;
  search: string;
  base: string;
  now: Date;
};

const ENDED = { lost: 'Lost', recognised: 'Recognised' } as const;

export function Row({ row, place, search, now }: Omit<RowProps, 'base'>) {
  const { numeral, title, hue } = phaseOf(row.phase);
  const next = row.next_milestone;
  return (
    <tr>
      <td>
        <Verdict row={row} />
      </td>
      <td>
        <Name row={row} place={place} search={search} />
      </td>
      <td>
        <span className={classes.key} data-hue={hue} aria-hidden /> {numeral}{' '}
        <span className={classes.dim}>{title}</span>
      </td>
      <td data-number>{row.days_in_phase === null ? NONE : formatWhole(row.days_in_phase)}</td>
      <td data-column="next" title={next?.label}>
        {next === null ? NONE : next.label}
        {next?.planned_on != null && (
          <span className={classes.dim}> {formatDay(next.planned_on, now)}</span>
        )}
      </td>
      <td data-column="reason" title={row.reason ?? undefined}>
        {row.reason ?? NONE}
        {row.further_signals > 0 && (
          <span className={classes.dim}> +{formatWhole(row.further_signals)}</span>
        )}
      </td>
      <td data-column="step" title={row.next_step ?? undefined}>
        {row.next_step ?? NONE}
      </td>
      <td data-number>{row.ended === null ? formatWhole(row.score) : NONE}</td>
      <td data-column="owner">{row.owner?.name ?? NONE}</td>
      <td data-number className={classes.value}>
        {row.value === null ? (row.amount === null ? 'Empty' : 'no rate') : formatWhole(row.value)}
      </td>
    </tr>
  );
}

export function PhoneRow({ row, place, search, base, now }: RowProps) {
  const { numeral, title } = phaseOf(row.phase);
  const next = row.next_milestone;
  return (
    <li className={classes.phone}>
      <span className={classes.line}>
        <Name row={row} place={place} search={search} />
        <span className={classes.value}>
          {row.value === null ? '' : `${symbolOf(base)} ${formatWhole(row.value)}`}
        </span>
      </span>
      <span className={classes.line}>
        <Verdict row={row} />
        <span className={classes.reason}>{row.reason ?? row.account?.name}</span>
      </span>
      <span className={classes.third}>
        {numeral} {title}
        {row.days_in_phase !== null && `, ${formatWhole(row.days_in_phase)} d`}
        {next !== null && ` · next ${next.label}`}
        {next?.planned_on != null && ` ${formatDay(next.planned_on, now)}`}
      </span>
    </li>
  );
}

function Verdict({ row }: { row: Opportunity }) {
  if (row.ended !== null) return <span className={classes.dim}>{ENDED[row.ended]}</span>;
  return <StateBadge state={HEALTH_STATES[row.health]} />;
}

function Name({ row, place, search }: Pick<RowProps, 'row' | 'place' | 'search'>) {
  const name = row.name ?? `Deal ${row.id}`;
  return (
    <span className={classes.nameCell}>
      {row.state !== 'synced' && <StateBadge state={RECORD_STATES[row.state]} look="icon" />}
      <Link
        to={`/o2r/opportunities/${row.id}`}
        state={openedFrom({ search, place })}
        className={classes.name}
        data-opportunity
        title={[name, row.account?.name].filter(Boolean).join(' · ')}
      >
        {name}
      </Link>
      {row.is_strategic && (
        <IconStarFilled
          size={12}
          className={classes.star}
          role="img"
          aria-label="Strategic account"
          aria-hidden={false}
        />
      )}
    </span>
  );
}
