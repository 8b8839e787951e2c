/** The alerts as rows: a deal, why it is here, what it was and is, who and when. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import { type CSSProperties, useState } from 'react';
import { useNavigate } from 'react-router';
import { ROW_HEIGHT, useDensity } from '@/lib/density';
import { formatWhole, symbolOf } from '@/lib/format';
import { useNow } from '@/lib/now';
import { type Alert, useAcknowledge } from '@/lib/queries/alerts';
import { useMay } from '@/lib/queries/session';
import { useAlertKeys } from '../lib/use-alert-keys';
import { AlertRow } from './alert-row';
import classes from './alerts-table.module.css';
import { PhoneAlert } from './phone-alert';

type AlertsTableProps = {
  alerts: readonly Alert[];
  /** How many there are in all. */
  count: number;
  base: string;
  isWaiting: boolean;
  more: { isLoading: boolean; show: () => void } | undefined;
};

const PHONE = '(max-width: 37.49em)';

export function AlertsTable({ alerts, count, base, isWaiting, more }: AlertsTableProps) {
  const isPhone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const [density] = useDensity();
  const now = useNow('minute');
  const navigate = useNavigate();
  const mayAct = useMay('editor');
  const acknowledge = useAcknowledge();
  const [cursor, setCursor] = useState<number | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  // What somebody else has acknowledged meanwhile is not there any more.
  const selected = alerts.filter(({ id }) => picked.has(id));
  const at = cursor === null ? undefined : alerts[Math.min(cursor, alerts.length - 1)];

  const toggle = ({ id }: Alert): void => {
    setPicked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  };
  const act = (those: readonly Alert[], isOpen: boolean): void => {
    if (those.length === 0 || acknowledge.isPending) return;
    acknowledge.mutate({ ids: those.map(({ id }) => id), isOpen });
    setPicked(new Set());
  };
  const isOpenAgain = (those: readonly Alert[]): boolean =>
    those.length > 0 && those.every(({ acknowledged_at }) => acknowledged_at !== null);
  const actOn = (those: readonly Alert[]): void => {
    act(those, isOpenAgain(those));
  };
  const meant = selected.length > 0 ? selected : at === undefined ? [] : [at];
  const onKeyDown = useAlertKeys({
    count: alerts.length,
    cursor,
    moveTo: setCursor,
    open: () => {
      if (at !== undefined) void navigate(`/deals/${at.deal.id}`);
    },
    clear: () => {
      setPicked(new Set());
    },
    toggle: mayAct
      ? () => {
          if (at !== undefined) toggle(at);
        }
      : undefined,
    acknowledge: mayAct
      ? () => {
          actOn(meant);
        }
      : undefined,
    acknowledges: isOpenAgain(meant) ? 'Open the alert again' : 'Acknowledge',
  });
  const shared = { now, base, mayAct, onAct: actOn };
  return (
    <>
      {isWaiting && <div className={classes.line} aria-hidden />}
      <div
        role="grid"
        aria-label="Alerts"
        aria-multiselectable={mayAct}
        aria-rowcount={count + 1}
        aria-busy={isWaiting}
        tabIndex={cursor === null ? 0 : -1}
        className={classes.grid}
        data-may-act={mayAct || undefined}
        style={{ '--row': `${ROW_HEIGHT[density]}px` } as CSSProperties}
        onKeyDown={onKeyDown}
      >
        {!isPhone && <Head base={base} mayAct={mayAct} />}
        <div role="rowgroup">
          {alerts.map((alert, index) =>
            isPhone ? (
              <PhoneAlert key={alert.id} alert={alert} index={index} {...shared} />
            ) : (
              <AlertRow
                key={alert.id}
                alert={alert}
                index={index}
                isCursor={cursor === index}
                isSelected={picked.has(alert.id)}
                onCursor={setCursor}
                onToggle={toggle}
                {...shared}
              />
            ),
          )}
        </div>
      </div>
      <footer className={classes.foot}>
        {mayAct && selected.length > 0 && (
          <>
            <strong className={classes.count} aria-live="polite">
              {formatWhole(selected.length)} selected
            </strong>
            <Button
              leftSection={<IconCheck size={15} stroke={1.7} aria-hidden />}
              loading={acknowledge.isPending}
              onClick={() => {
                actOn(selected);
              }}
            >
              {isOpenAgain(selected) ? 'Open again' : 'Acknowledge'}
            </Button>
            <Button
              variant="subtle"
              onClick={() => {
                setPicked(new Set());
              }}
            >
              Clear
            </Button>
          </>
        )}
        <span className={classes.all}>
          {formatWhole(alerts.length)} of {formatWhole(count)}
        </span>
        {more !== undefined && (
          <Button loading={more.isLoading} onClick={more.show}>
            Show more
          </Button>
        )}
      </footer>
    </>
  );
}

function Head({ base, mayAct }: { base: string; mayAct: boolean }) {
  const heads = ['Deal', 'Reason', 'Was and is', 'Owner', 'Changed by', 'When'];
  return (
    <div role="row" aria-rowindex={1} className={classes.head}>
      {mayAct && (
        <div role="columnheader" className={classes.check}>
          <span className={classes.hidden}>Selected</span>
        </div>
      )}
      {heads.map((word) => (
        <div key={word} role="columnheader" className={classes.cell}>
          {word}
        </div>
      ))}
      <div role="columnheader" className={classes.cell} data-right>
        {symbolOf(base)}
      </div>
      <div role="columnheader" className={classes.cell}>
        <span className={classes.hidden}>Seen to</span>
      </div>
    </div>
  );
}
