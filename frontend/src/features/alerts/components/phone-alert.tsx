/** An alert in three lines, for narrow screens. */
import { ActionIcon } from '@mantine/core';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Moment } from '@/components/time/moment';
import { reasonOf, valuesOf } from '@/lib/alert-words';
import { formatWhole, symbolOf } from '@/lib/format';
import type { AlertRowProps } from './alert-row';
import { RuleIcon } from './rule-icon';
import classes from './phone-alert.module.css';

export function PhoneAlert({ alert, index, now, base, mayAct, onAct }: AlertRowProps) {
  const name = alert.deal.name ?? `Deal ${alert.deal.id}`;
  const values = valuesOf(alert, now);
  const isDone = alert.acknowledged_at !== null;
  const word = isDone ? 'Open again' : 'Acknowledge';
  return (
    <div role="row" aria-rowindex={index + 2} className={classes.row}>
      <div role="gridcell" className={classes.words}>
        <Link to={`/deals/${alert.deal.id}`} className={classes.link}>
          <span className={classes.line}>
            <span className={classes.name}>{name}</span>
            <span className={classes.value}>
              {alert.value !== null && `${symbolOf(base)} ${formatWhole(alert.value)}`}
            </span>
          </span>
          <span className={classes.reason}>
            <RuleIcon alert={alert} />
            {reasonOf(alert)}
          </span>
          <span className={classes.line} data-dim>
            <span className={classes.name}>
              {values.old} → {values.new}
            </span>
            <Moment at={alert.at} />
          </span>
        </Link>
      </div>
      {mayAct && (
        <div role="gridcell">
          <ActionIcon
            size={40}
            aria-label={`${word}: ${name}, ${reasonOf(alert)}`}
            onClick={() => {
              onAct([alert]);
            }}
          >
            {isDone ? (
              <IconArrowBackUp size={18} stroke={1.7} aria-hidden />
            ) : (
              <IconCheck size={18} stroke={1.7} aria-hidden />
            )}
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
