/** Whether the numbers can be believed: the mirror's state, and the day's pulse. */
import { Button, Skeleton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconClockPause,
  IconPlayerPause,
  IconPlugConnectedX,
  IconRefresh,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Fact, Facts } from '@/components/facts/facts';
import { Section } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { PulseStrip } from '@/components/pulse-strip/pulse-strip';
import { totalsOf } from '@/components/pulse-strip/words';
import { useNow } from '@/lib/now';
import { pulseQuery } from '@/lib/queries/pulse';
import { useMay } from '@/lib/queries/session';
import { type CurrentStatus, currentStatusQuery, useStartSync } from '@/lib/queries/sync-state';
import { tellError } from '@/lib/toast';
import { CONFLICTS, PENDING_DEALS } from '../lib/links';
import {
  conflictWords,
  dataWords,
  lastWords,
  nextWords,
  pendingWords,
  type StateWord,
  stateWord,
} from '../lib/mirror-words';
import classes from './live-crm.module.css';

const ICONS: Record<CurrentStatus['condition'], Icon> = {
  not_connected: IconPlugConnectedX,
  never_synced: IconCircleDashed,
  syncing: IconRefresh,
  failing: IconAlertTriangle,
  paused: IconPlayerPause,
  stale: IconClockPause,
  in_sync: IconCircleCheck,
};

export function LiveCrm() {
  const query = useQuery(currentStatusQuery);
  return (
    <Section title="Live CRM" action={<QuickSync current={query.data} />}>
      <QueryPanel
        query={query}
        failed="The state of the mirror could not be read"
        minHeight={210}
        skeleton={<WaitingFacts />}
      >
        {(current) => <State current={current} askedAt={query.dataUpdatedAt} />}
      </QueryPanel>
      <Pulse />
    </Section>
  );
}

function State({ current, askedAt }: { current: CurrentStatus; askedAt: number }) {
  const now = useNow();
  const waited = Math.max(0, (now.getTime() - askedAt) / 1_000);
  const state = stateWord(current);
  const isFailing = current.condition === 'failing';
  const isOld = isFailing || current.condition === 'stale';
  return (
    <Facts>
      <Fact label="State">
        <StateInWords condition={current.condition} state={state} />
      </Fact>
      <Fact label={isFailing ? 'Last success' : 'Last sync'}>{lastWords(current, now)}</Fact>
      <Fact label="Data is">
        <Hued hue={isOld ? 'amber' : null}>{dataWords(current, waited)}</Hued>
      </Fact>
      <Fact label={isFailing ? 'Next try' : 'Next sync'}>{nextWords(current, waited)}</Fact>
      <Fact label="Pending changes">
        {current.pending_changes > 0 ? (
          <Link className={classes.link} to={PENDING_DEALS} data-hue="blue">
            {pendingWords(current)}
          </Link>
        ) : (
          pendingWords(current)
        )}
      </Fact>
      <Fact label="Conflicts">
        {current.conflicts > 0 ? (
          <Link className={classes.link} to={CONFLICTS} data-hue="amber">
            {conflictWords(current)}
          </Link>
        ) : (
          conflictWords(current)
        )}
      </Fact>
      {isFailing && current.trouble && (
        <Fact label="Reason">
          <Hued hue="red">{current.trouble.title}</Hued>
        </Fact>
      )}
    </Facts>
  );
}

function StateInWords({
  condition,
  state,
}: {
  condition: CurrentStatus['condition'];
  state: StateWord;
}) {
  const Icon = ICONS[condition];
  return (
    <span className={classes.state} data-hue={state.hue ?? undefined} data-condition={condition}>
      <Icon size={15} stroke={1.8} aria-hidden data-turns={condition === 'syncing' || undefined} />
      {state.word}
    </span>
  );
}

function Hued({ hue, children }: { hue: string | null; children: ReactNode }) {
  return (
    <span className={classes.hued} data-hue={hue ?? undefined}>
      {children}
    </span>
  );
}

/** Reads what changed since the last run; one or two calls of the CRM. */
function QuickSync({ current }: { current: CurrentStatus | undefined }) {
  const start = useStartSync();
  const mayStart = useMay('editor');
  if (!mayStart) return null;
  const isRefused = current?.trouble?.code === 'sign_in_refused';
  return (
    <Button
      leftSection={<IconRefresh size={15} stroke={1.7} aria-hidden />}
      disabled={current === undefined || current.is_syncing || isRefused}
      loading={start.isPending}
      onClick={() => {
        start.mutate('incremental', {
          onError: (error) => {
            tellError(error, 'The quick sync did not start');
          },
        });
      }}
    >
      Quick Sync
    </Button>
  );
}

function Pulse() {
  const query = useQuery(pulseQuery());
  return (
    <div className={classes.pulse}>
      <div className={classes.pulseHead}>
        <span>Sync runs, 24 h</span>
        {query.data && <span className={classes.totals}>{totalsOf(query.data)}</span>}
      </div>
      <QueryPanel
        query={query}
        failed="The day’s runs could not be read"
        minHeight={60}
        skeleton={<Skeleton height={52} />}
      >
        {(pulse) => <PulseStrip pulse={pulse} size="card" />}
      </QueryPanel>
    </div>
  );
}

const LABELS = ['State', 'Last sync', 'Data is', 'Next sync', 'Pending changes', 'Conflicts'];
const WIDTHS = [64, 116, 90, 82, 60, 102];

function WaitingFacts() {
  return (
    <Facts>
      {LABELS.map((label, place) => (
        <Fact key={label} label={label}>
          <Skeleton
            component="span"
            display="inline-block"
            height={12}
            width={WIDTHS[place] ?? 80}
          />
        </Fact>
      ))}
    </Facts>
  );
}
