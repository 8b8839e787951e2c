/** What the CRM tells of stages before we began to watch: how far its import is, or why it stopped. */
import { Button, Skeleton, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '@/components/facts/facts';
import { Note } from '@/components/note/note';
import { Section } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { Segments } from '@/components/run-progress/segments';
import { StateBadge } from '@/components/status/state-badge';
import { RUN_STATES } from '@/components/status/vocabulary';
import { Moment } from '@/components/time/moment';
import { counted, formatWhole } from '@/lib/format';
import { dealsSummary } from '@/lib/queries/deals';
import { useMay } from '@/lib/queries/session';
import { type StageImport, stageHistoryQuery, useImportStageHistory } from '../api/stage-history';
import classes from './stage-history.module.css';

const HEIGHT = 120;
const STATES: Readonly<Record<StageImport['state'], keyof typeof RUN_STATES>> = {
  waiting: 'pending',
  running: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  unavailable: 'failed',
};
const SOURCES: Readonly<Record<NonNullable<StageImport['source']>, string>> = {
  pages: 'in pages',
  coql: 'by queries (COQL)',
  bulk_read: 'by Bulk Read',
};

export function StageHistory() {
  const history = useQuery(stageHistoryQuery);
  const latest = history.data?.latest;
  return (
    <Section
      title="Stage history"
      hint="of before the first sync"
      action={latest != null && <Again latest={latest} />}
    >
      <QueryPanel
        query={history}
        failed="The state of the import could not be read"
        minHeight={HEIGHT}
        skeleton={<Skeleton h={HEIGHT} />}
      >
        {({ latest: shown }) =>
          shown === null ? (
            <p className={classes.words}>
              Read by itself after the first full sync. Until then there is only what we observed.
            </p>
          ) : (
            <Import shown={shown} />
          )
        }
      </QueryPanel>
    </Section>
  );
}

/** Reads it again; an open import is waited for. */
function Again({ latest }: { latest: StageImport }) {
  const mayImport = useMay('admin');
  const start = useImportStageHistory();
  if (!mayImport || latest.state === 'waiting' || latest.state === 'running') return null;
  const isWhole = latest.state === 'completed';
  return (
    <Tooltip
      multiline
      maw={280}
      label={
        isWhole
          ? `Reads it again and corrects what is here; nothing comes twice. The last time took ${counted(latest.credits, 'credit')}.`
          : 'Goes on from where it stopped.'
      }
    >
      <Button
        loading={start.isPending}
        onClick={() => {
          start.mutate();
        }}
      >
        {isWhole ? 'Import again' : 'Import now'}
      </Button>
    </Tooltip>
  );
}

function Import({ shown }: { shown: StageImport }) {
  const { state, rows_read: read, rows_total: total, rows_kept: kept } = shown;
  const isOpen = state === 'waiting' || state === 'running';
  const dropped = read - kept;
  return (
    <>
      {(state === 'failed' || state === 'unavailable') && <Trouble shown={shown} />}
      <Facts>
        <Fact label="State">
          <StateBadge state={RUN_STATES[STATES[state]]} look="plain" />
        </Fact>
        <Fact label={isOpen ? 'Read so far' : 'Told by the CRM'}>
          {total !== null && isOpen
            ? `${formatWhole(read)} of ${counted(total, 'row')}`
            : counted(isOpen ? read : kept, 'row')}
        </Fact>
        {!isOpen && dropped > 0 && (
          <Fact label="Left out">{counted(dropped, 'row')} of deals deleted since</Fact>
        )}
        {shown.source !== null && (
          <Fact label="Read">
            {SOURCES[shown.source]}, {counted(shown.credits, 'credit')}
          </Fact>
        )}
        {shown.finished_at !== null && (
          <Fact label={state === 'completed' ? 'Completed' : 'Stopped'}>
            <Moment at={shown.finished_at} as="when" />
          </Fact>
        )}
        <Observed />
      </Facts>
      {state === 'running' && total !== null && total > 0 && (
        <div className={classes.progress}>
          <Segments slices={[]} percentage={Math.min(99.9, (read / total) * 100)} />
        </div>
      )}
    </>
  );
}

/** From when on stages are our own observation, whatever the CRM tells. */
function Observed() {
  const { data } = useQuery(dealsSummary({}));
  const began = data?.history_began;
  if (began == null) return null;
  return (
    <Fact label="Observed by us">
      since <Moment at={began} as="when" />
    </Fact>
  );
}

function Trouble({ shown }: { shown: StageImport }) {
  const { error_message: message, error_fix: fix, next_try_at: next } = shown;
  return (
    <div className={classes.trouble}>
      <Note kind={shown.state === 'unavailable' ? 'failing' : 'warning'}>
        {message ?? 'The import stopped.'} {fix}
        {next !== null && (
          <>
            {' '}
            Next try by itself: <Moment at={next} as="when" />.
          </>
        )}
      </Note>
    </div>
  );
}
