/** Changes of deals as they arrive, by side; the feed can be paused. */
import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { Section } from '@/components/page/section';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { formatStamp } from '@/lib/format';
import { useNow } from '@/lib/now';
import { type RecentChange, recentChangesQuery } from '../api/queries';
import { allLines, lineOf } from '../lib/change-words';
import { briefly, pausedAt } from '../lib/words';
import { ChangesSkeleton } from './bars-skeleton';
import classes from './recent-changes.module.css';

const SHOWN = 6;
/** How long a row that has just arrived stays tinted. */
const TINTED_MS = 900;

type Pause = { at: Date; items: readonly RecentChange[] };

/** `stoppedAt`: until when the feed is true while nothing can arrive. */
export function RecentChanges({ stoppedAt }: { stoppedAt: string | null }) {
  const query = useQuery(recentChangesQuery);
  const [pause, setPause] = useState<Pause | null>(null);
  const latest = query.data?.items ?? [];
  const waiting = pause === null ? 0 : newIn(latest, pause.items).size;
  const hint = hintOf(pause, waiting, stoppedAt);
  return (
    <Section
      title="Recent changes"
      hint={hint}
      action={
        <span className={classes.actions}>
          {latest.length > 0 && (
            <UnstyledButton
              className={classes.pause ?? ''}
              onClick={() => {
                setPause(pause === null ? { at: new Date(), items: latest } : null);
              }}
            >
              {pause === null ? (
                <IconPlayerPause size={13} stroke={1.8} aria-hidden />
              ) : (
                <IconPlayerPlay size={13} stroke={1.8} aria-hidden />
              )}
              {pause === null ? 'Pause feed' : 'Go on'}
            </UnstyledButton>
          )}
          <Link to="/deals">All</Link>
        </span>
      }
    >
      <QueryPanel
        query={query}
        failed="Recent changes could not be read"
        minHeight={SHOWN * 52}
        skeleton={<ChangesSkeleton rows={SHOWN} />}
      >
        {() => <Feed items={pause?.items ?? latest} />}
      </QueryPanel>
    </Section>
  );
}

function hintOf(pause: Pause | null, waiting: number, stoppedAt: string | null): string {
  if (pause !== null) {
    return waiting === 0 ? pausedAt(pause.at) : `${pausedAt(pause.at)}, ${waiting} new`;
  }
  return stoppedAt === null ? 'as they arrive' : pausedAt(new Date(stoppedAt));
}

function newIn(items: readonly RecentChange[], before: readonly RecentChange[]): Set<string> {
  const known = new Set(before.map(({ id }) => id));
  return new Set(items.map(({ id }) => id).filter((id) => !known.has(id)));
}

function Feed({ items }: { items: readonly RecentChange[] }) {
  const arrived = useArrived(items);
  if (items.length === 0) {
    return <NothingHere>No deal has changed since the first full sync.</NothingHere>;
  }
  return (
    <ol className={classes.feed}>
      {items.map((entry) => (
        <Entry key={entry.id} entry={entry} isNew={arrived.has(entry.id)} />
      ))}
    </ol>
  );
}

/** The ids that came with the latest answer, for as long as they are tinted. */
function useArrived(items: readonly RecentChange[]): ReadonlySet<string> {
  const [seen, setSeen] = useState(items);
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  if (items !== seen) {
    setSeen(items);
    setArrived(newIn(items, seen));
  }
  useEffect(() => {
    if (arrived.size === 0) return;
    const timer = window.setTimeout(() => {
      setArrived(new Set());
    }, TINTED_MS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [arrived]);
  return arrived;
}

function Entry({ entry, isNew }: { entry: RecentChange; isNew: boolean }) {
  const name = entry.deal.name ?? `Deal ${entry.deal.id}`;
  return (
    <li className={classes.entry} data-new={isNew || undefined}>
      <span className={classes.at}>
        <Time at={entry.at} />
      </span>
      <span className={classes.what}>
        <span className={classes.head}>
          <Link to={`/deals/${entry.deal.id}`} title={name}>
            {name}
          </Link>
          <span className={classes.side}>{entry.side === 'local' ? 'Local' : 'CRM'}</span>
        </span>
        <Line entry={entry} />
      </span>
    </li>
  );
}

/** `08:41` today, `14 Aug` before: the column is narrow. */
function Time({ at }: { at: string }) {
  const now = useNow('minute');
  const moment = new Date(at);
  return (
    <time dateTime={at} title={formatStamp(moment)}>
      {briefly(moment, now)}
    </time>
  );
}

function Line({ entry }: { entry: RecentChange }) {
  const now = useNow('minute');
  const line = lineOf(entry, now);
  const by = entry.by?.name ?? null;
  if (line.kind === 'said') {
    return (
      <span className={classes.line}>
        <span className={classes.to}>{line.words}</span>
        {by !== null && `, ${by}`}
      </span>
    );
  }
  const all = allLines(entry.changes, now);
  return (
    <Tooltip
      multiline
      maw={380}
      label={
        <>
          {by !== null && <div>{by}</div>}
          {all.map((each) => (
            <div key={each}>{each}</div>
          ))}
        </>
      }
    >
      <span className={classes.change}>
        <span className={classes.line}>
          {line.label} {line.from} → <span className={classes.to}>{line.to}</span>
        </span>
        {line.more > 0 && <span className={classes.more}>+{line.more}</span>}
      </span>
    </Tooltip>
  );
}
