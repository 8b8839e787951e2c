/** What moved too far on this deal and nobody has seen to; each can be acknowledged here. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Note } from '@/components/note/note';
import { Moment } from '@/components/time/moment';
import { reasonOf, valuesOf } from '@/lib/alert-words';
import { useNow } from '@/lib/now';
import { type Alert, dealAlertsQuery, useAcknowledge } from '@/lib/queries/alerts';
import { useMay } from '@/lib/queries/session';
import classes from './deal-notes.module.css';

export function DealAlerts({ id }: { id: string }) {
  const { data } = useQuery(dealAlertsQuery(id));
  const mayAct = useMay('editor');
  const acknowledge = useAcknowledge();
  const now = useNow('minute');
  const alerts = data?.items ?? [];
  if (alerts.length === 0) return null;
  return (
    <div className={classes.notes}>
      <Note
        kind="warning"
        action={
          mayAct && (
            <Button
              loading={acknowledge.isPending}
              onClick={() => {
                acknowledge.mutate({ ids: alerts.map((alert) => alert.id), isOpen: false });
              }}
            >
              {alerts.length === 1 ? 'Acknowledge' : 'Acknowledge all'}
            </Button>
          )
        }
      >
        <ul className={classes.alerts} aria-label="Alerts">
          {alerts.map((alert) => (
            <li key={alert.id}>
              <Words alert={alert} now={now} />
            </li>
          ))}
        </ul>
      </Note>
    </div>
  );
}

function Words({ alert, now }: { alert: Alert; now: Date }) {
  const { old, new: after } = valuesOf(alert, now);
  return (
    <>
      <strong>{reasonOf(alert)}</strong>, from {old} to {after},{' '}
      {alert.by?.name ? `by ${alert.by.name} ` : ''}
      <Moment at={alert.at} as="when" />
    </>
  );
}
