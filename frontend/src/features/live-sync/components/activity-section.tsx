/** What the run said of itself, newest first. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { NothingHere } from '@/components/panel/query-panel';
import { Section } from '@/components/page/section';
import { formatLogTime, formatSigned, formatStamp } from '@/lib/format';
import type { Activity } from '../api/queries';
import { stepWords } from '../lib/words';
import classes from './activity-section.module.css';

type ActivitySectionProps = {
  sessionId: string;
  hint: string;
  lines: readonly Activity[];
};

export function ActivitySection({ sessionId, hint, lines }: ActivitySectionProps) {
  return (
    <Section
      title="Recent activity"
      hint={hint}
      action={<Link to={`/sync-status?tab=history&run=${sessionId}`}>Full log →</Link>}
    >
      {lines.length === 0 ? (
        <NothingHere>The run has said nothing yet.</NothingHere>
      ) : (
        <ol className={classes.lines}>
          {lines.map((line) => (
            <Line key={`${line.timestamp} ${line.step ?? ''} ${line.message}`} line={line} />
          ))}
        </ol>
      )}
    </Section>
  );
}

const HUES: Record<string, string> = { waited: 'amber', failed: 'red' };

function Line({ line }: { line: Activity }) {
  const at = new Date(line.timestamp);
  return (
    <li className={classes.line} data-hue={HUES[line.status]}>
      <time className={classes.time} dateTime={line.timestamp} title={formatStamp(at)}>
        {formatLogTime(at)}
      </time>
      <span className={classes.step}>{stepWords(line.step)}</span>
      <span className={classes.message}>{line.message}</span>
      <span className={classes.count}>
        {line.record_count ? formatSigned(line.record_count) : null}
      </span>
    </li>
  );
}

/** Stands in place of the log while the page has none to show. */
export function NoActivity({ onStart }: { onStart: (() => void) | null }) {
  return (
    <Section title="Recent activity">
      <NothingHere>
        No sync has run yet.{' '}
        {onStart !== null && (
          <Button variant="transparent" size="compact-xs" onClick={onStart}>
            Start a full sync
          </Button>
        )}
      </NothingHere>
    </Section>
  );
}
