/** What a run said, oldest line first; a long log is read on by pages. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Section } from '@/components/page/section';
import { NothingHere } from '@/components/panel/query-panel';
import { wordsOf } from '@/lib/api';
import { formatLogTime, formatStamp, formatWhole } from '@/lib/format';
import { restOfLogQuery, type RunInFull } from '../api/queries';
import classes from './run-drawer.module.css';

type Line = RunInFull['log'][number];

export function RunLog({ run }: { run: RunInFull }) {
  const rest = useInfiniteQuery(restOfLogQuery(run.session.id));
  const more = rest.data?.pages.flatMap(({ items }) => items) ?? [];
  const lines = [...run.log, ...more];
  const hasMore = rest.data ? rest.hasNextPage : run.log_is_cut;
  const count = rest.data?.pages[0]?.count;
  return (
    <Section
      title="Log"
      hint={
        count === undefined
          ? undefined
          : `${formatWhole(lines.length)} of ${formatWhole(count)} lines`
      }
    >
      {lines.length === 0 ? (
        <NothingHere>It has said nothing yet.</NothingHere>
      ) : (
        <ol className={classes.log}>
          {lines.map((line, index) => (
            <LogLine key={`${line.timestamp} ${index}`} line={line} />
          ))}
        </ol>
      )}
      {hasMore && (
        <div className={classes.more}>
          <Button
            loading={rest.isFetching}
            onClick={() => void (rest.data ? rest.fetchNextPage() : rest.refetch())}
          >
            Show more lines
          </Button>
          {rest.isError && (
            <p className={classes.bad} role="alert">
              {wordsOf(rest.error)}
            </p>
          )}
        </div>
      )}
    </Section>
  );
}

function LogLine({ line }: { line: Line }) {
  const at = new Date(line.timestamp);
  return (
    <li className={classes.line} data-status={line.status}>
      <time className={classes.time} dateTime={line.timestamp} title={formatStamp(at)}>
        {formatLogTime(at)}
      </time>
      <span>{line.message}</span>
    </li>
  );
}
