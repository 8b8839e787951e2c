/** The newest lines of the run that is on, or of the one before. */
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { QueryPanel } from '@/components/panel/query-panel';
import { Section } from '@/components/page/section';
import { formatDuration } from '@/lib/format';
import type { CurrentStatus } from '@/lib/queries/sync-state';
import { sessionQuery } from '../api/queries';
import { ActivitySection, NoActivity } from './activity-section';

type LogSectionProps = { current: CurrentStatus; onStart: (() => void) | null };

export function LogSection({ current, onStart }: LogSectionProps) {
  const id = current.running?.session_id ?? current.last_run?.session_id;
  if (id === undefined) return <NoActivity onStart={onStart} />;
  return <Log id={id} hint={hintOf(current)} />;
}

function hintOf({ running, last_run: last }: CurrentStatus): string {
  if (running !== null) return 'newest first';
  return last?.duration_s == null ? 'last run' : `last run, ${formatDuration(last.duration_s)}`;
}

function Log({ id, hint }: { id: string; hint: string }) {
  const query = useQuery(sessionQuery(id));
  return (
    <QueryPanel
      query={query}
      failed="The log could not be read"
      minHeight={200}
      skeleton={
        <Section title="Recent activity">
          <Skeleton height={160} />
        </Section>
      }
    >
      {(detail) => <ActivitySection sessionId={id} hint={hint} lines={detail.recent_activity} />}
    </QueryPanel>
  );
}
