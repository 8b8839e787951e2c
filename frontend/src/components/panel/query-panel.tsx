/**
 * The states of a panel that shows what a query found: skeleton after 150 ms at its final size, the
 * old content while new is fetched, and on failure what failed with a countdown and a way out.
 */
import { Button, CopyButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiProblem, wordsOf } from '@/lib/api';
import { useNow } from '@/lib/now';
import { isPassing, RETRY_MS } from '@/lib/query';
import classes from './query-panel.module.css';

type QueryPanelProps<T> = {
  query: UseQueryResult<T>;
  /** Has the size of what will be there. */
  skeleton: ReactNode;
  /** Such as "The movement could not be computed". */
  failed: string;
  /** Keeps the panel's height when it fails, in px. */
  minHeight?: number;
  children: (data: T) => ReactNode;
};

const SKELETON_AFTER_MS = 150;
const SLOW_AFTER_MS = 8_000;

export function QueryPanel<T>({
  query,
  skeleton,
  failed,
  minHeight,
  children,
}: QueryPanelProps<T>) {
  if (query.data !== undefined) return children(query.data);
  return (
    <div style={{ minHeight }}>
      {query.isError ? (
        <PanelFailure
          error={query.error}
          failed={failed}
          failedAt={query.errorUpdatedAt}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Waiting>{skeleton}</Waiting>
      )}
    </div>
  );
}

function useAfter(ms: number): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setIsOver(true);
    }, ms);
    return () => {
      window.clearTimeout(timer);
    };
  }, [ms]);
  return isOver;
}

function Waiting({ children }: { children: ReactNode }) {
  const isShown = useAfter(SKELETON_AFTER_MS);
  const isSlow = useAfter(SLOW_AFTER_MS);
  return (
    <div aria-busy="true">
      <div style={{ visibility: isShown ? 'visible' : 'hidden' }}>{children}</div>
      {isSlow && (
        <p className={classes.slow} role="status">
          Still loading. The database is slow to answer.
        </p>
      )}
    </div>
  );
}

type PanelFailureProps = {
  error: Error;
  failed: string;
  /** When it failed, as `Date.now()` tells it. */
  failedAt: number;
  onRetry: () => void;
};

export function PanelFailure({ error, failed, failedAt, onRetry }: PanelFailureProps) {
  const now = useNow();
  const left = Math.max(0, Math.ceil((failedAt + RETRY_MS - now.getTime()) / 1_000));
  const details = [
    failed,
    error instanceof ApiProblem ? JSON.stringify(error.facts, null, 2) : error.message,
    new Date(failedAt).toISOString(),
    window.location.href,
  ].join('\n');
  return (
    <div className={classes.failure} role="alert">
      <IconAlertTriangle className={classes.icon} size={22} stroke={1.7} aria-hidden />
      <p className={classes.failed}>{failed}</p>
      <p className={classes.why}>
        {wordsOf(error)}
        {isPassing(error) && ` The other panels are not affected. Trying again in ${left} s.`}
      </p>
      <div className={classes.ways}>
        <Button onClick={onRetry}>Try now</Button>
        <CopyButton value={details}>
          {({ copied, copy }) => (
            <Button variant="subtle" onClick={copy}>
              {copied ? 'Copied' : 'Copy details'}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}

/** One line in place of a table: nothing found, or nothing to do. */
export function NothingHere({ children }: { children: ReactNode }) {
  return <p className={classes.nothing}>{children}</p>;
}
