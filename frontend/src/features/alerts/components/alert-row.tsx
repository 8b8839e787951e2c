/** One alert as a row of the table. */
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconArrowRight, IconCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Moment } from '@/components/time/moment';
import { comparedWords, reasonOf, valuesOf } from '@/lib/alert-words';
import { formatAmount, formatWhole, NONE } from '@/lib/format';
import type { Alert } from '@/lib/queries/alerts';
import { RuleIcon } from './rule-icon';
import classes from './alerts-table.module.css';

export type AlertRowProps = {
  alert: Alert;
  index: number;
  now: Date;
  base: string;
  mayAct: boolean;
  onAct: (those: readonly Alert[]) => void;
};

type Props = AlertRowProps & {
  isCursor: boolean;
  isSelected: boolean;
  onCursor: (index: number) => void;
  onToggle: (alert: Alert) => void;
};

export function AlertRow(props: Props) {
  const { alert, index, now, base, isCursor, isSelected, mayAct } = props;
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isCursor && !isBusy(line.current)) line.current?.focus();
  }, [isCursor]);
  const name = alert.deal.name ?? `Deal ${alert.deal.id}`;
  const values = valuesOf(alert, now);
  return (
    <div
      ref={line}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={mayAct ? isSelected : undefined}
      tabIndex={isCursor ? 0 : -1}
      className={classes.row}
      data-selected={isSelected || undefined}
      data-done={alert.acknowledged_at !== null || undefined}
      onFocus={() => {
        props.onCursor(index);
      }}
    >
      {mayAct && (
        <div role="gridcell" className={classes.check}>
          <button
            type="button"
            role="checkbox"
            aria-checked={isSelected}
            aria-label={`Select ${name}, ${reasonOf(alert)}`}
            tabIndex={-1}
            className={classes.box}
            onClick={() => {
              props.onToggle(alert);
            }}
          >
            {isSelected && <IconCheck size={12} stroke={3} aria-hidden />}
          </button>
        </div>
      )}
      <div
        role="gridcell"
        className={classes.cell}
        title={[name, alert.account?.name].filter(Boolean).join(', ')}
      >
        <Link to={`/deals/${alert.deal.id}`} className={classes.name}>
          {name}
        </Link>
      </div>
      <div role="gridcell" className={classes.cell} title={comparedWords(alert)}>
        <span className={classes.reason}>
          <RuleIcon alert={alert} />
          {reasonOf(alert)}
        </span>
      </div>
      <div role="gridcell" className={classes.cell} title={`${values.old} → ${values.new}`}>
        <span className={classes.old}>{values.old}</span>
        <IconArrowRight className={classes.arrow} size={13} stroke={1.7} aria-label="became" />
        <span className={classes.new}>{values.new}</span>
      </div>
      <div role="gridcell" className={classes.cell} title={alert.owner?.name ?? undefined}>
        {alert.owner?.name ?? NONE}
      </div>
      <div role="gridcell" className={classes.cell} title={alert.by?.name ?? undefined}>
        {alert.by?.name ?? NONE}
        <span className={classes.side}>{alert.side === 'local' ? 'Local' : 'CRM'}</span>
      </div>
      <div role="gridcell" className={classes.cell}>
        <Moment at={alert.at} />
      </div>
      <div
        role="gridcell"
        className={classes.cell}
        data-right
        title={alert.value === null ? undefined : formatAmount(alert.value, base, { cents: true })}
      >
        <span className={classes.value}>
          {alert.value === null ? NONE : formatWhole(alert.value)}
        </span>
      </div>
      <div role="gridcell" className={classes.cell} data-act>
        {mayAct ? <Act {...props} name={name} /> : <SeenTo alert={alert} />}
      </div>
    </div>
  );
}

/** A row must not take the focus out of what stands in it. */
const isBusy = (line: HTMLElement | null): boolean =>
  line !== null && line !== document.activeElement && line.contains(document.activeElement);

function Act({ alert, onAct, name }: AlertRowProps & { name: string }) {
  const isDone = alert.acknowledged_at !== null;
  return (
    <Button
      size="compact-xs"
      variant={isDone ? 'subtle' : 'default'}
      title={isDone ? `Acknowledged by ${alert.acknowledged_by ?? 'somebody'}` : undefined}
      aria-label={`${isDone ? 'Open again' : 'Acknowledge'}: ${name}, ${reasonOf(alert)}`}
      leftSection={
        isDone ? (
          <IconArrowBackUp size={13} stroke={1.7} aria-hidden />
        ) : (
          <IconCheck size={13} stroke={1.7} aria-hidden />
        )
      }
      onClick={() => {
        onAct([alert]);
      }}
    >
      {isDone ? 'Open again' : 'Acknowledge'}
    </Button>
  );
}

function SeenTo({ alert }: { alert: Alert }) {
  if (alert.acknowledged_at === null) return null;
  return <span className={classes.side}>{alert.acknowledged_by}</span>;
}
