/** Records that are not in sync, oldest first: name, status, since when. */
import { Tooltip } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { NothingHere } from '@/components/panel/query-panel';
import { StateBadge } from '@/components/status/state-badge';
import { RECORD_STATES } from '@/components/status/vocabulary';
import { Moment } from '@/components/time/moment';
import { formatDuration, NONE } from '@/lib/format';
import { useNow } from '@/lib/now';
import type { OutOfSync } from '../api/queries';
import classes from './not-in-sync.module.css';

type Props = { records: readonly OutOfSync[]; isInFull?: boolean };

export function NotInSync({ records, isInFull = false }: Props) {
  const now = useNow();
  return (
    <ul className={classes.list} aria-label="Records that are not in sync">
      {records.map((record) => (
        <li key={record.record_id} className={classes.record} data-full={isInFull || undefined}>
          <Tooltip
            label={record.name === null ? record.reason : `${record.name}. ${record.reason}`}
            multiline
            maw={320}
            disabled={isInFull}
          >
            <Link className={classes.name} to={`/deals/${record.record_id}`}>
              {record.name ?? `Record ${record.record_id}`}
            </Link>
          </Tooltip>
          <StateBadge state={RECORD_STATES[record.status]} />
          <span className={classes.since}>
            {record.since === null ? (
              NONE
            ) : isInFull ? (
              <Moment at={record.since} as="when" />
            ) : (
              <time dateTime={record.since}>{ageOf(record.since, now)}</time>
            )}
          </span>
          {isInFull && <span className={classes.reason}>{record.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

/** One unit is enough for an age that is compared with its neighbours: "3 h", "52 min". */
function ageOf(since: string, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - Date.parse(since)) / 1_000);
  const unit = seconds >= 172_800 ? 86_400 : seconds >= 3_600 ? 3_600 : seconds >= 60 ? 60 : 1;
  return formatDuration(Math.floor(seconds / unit) * unit);
}

/** The calm case. */
export function AllInSync({ children }: { children: string }) {
  return (
    <NothingHere>
      <IconCheck size={15} stroke={1.8} aria-hidden className={classes.check} /> {children}
    </NothingHere>
  );
}
