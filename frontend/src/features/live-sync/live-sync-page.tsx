/** Live Sync Control: what the mirror does now, what it costs, and how it is kept up to date. */
import { Button, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { Columns, Section } from '@/components/page/section';
import { PanelFailure, QueryPanel } from '@/components/panel/query-panel';
import { whoConnects } from '@/lib/connect-words';
import { useNow } from '@/lib/now';
import { useMay, useMe } from '@/lib/queries/session';
import { type CurrentStatus, currentStatusQuery } from '@/lib/queries/sync-state';
import { configurationQuery } from './api/queries';
import { ConfigurationSection } from './components/configuration-section';
import { FullSyncDialog } from './components/full-sync-dialog';
import { LogSection } from './components/log-section';
import { RunSection, WhySection } from './components/run-section';
import { StartButtons } from './components/start-buttons';
import { StateNumbers } from './components/state-numbers';
import { ledeOf } from './lib/words';
import classes from './live-sync-page.module.css';

const ACTION = 'action';
const FULL = 'full';
const PHONE = '(max-width: 37.49em)';

export default function LiveSyncPage() {
  const current = useQuery(currentStatusQuery);
  const mayEdit = useMay('editor');
  const isPhone = useMediaQuery(PHONE);
  // There what could not be pressed anyway would push the run off the screen.
  const isOnlyRun = isPhone && current.data?.is_syncing === true;
  const [isAsking, setIsAsking] = useFullSyncQuestion();
  const ask = (): void => {
    setIsAsking(true);
  };
  return (
    <Page
      title="Live Sync Control"
      lede={<Lede current={current.data} answeredAt={current.dataUpdatedAt} />}
      actions={mayEdit && !isOnlyRun && <StartButtons current={current.data} onFull={ask} />}
    >
      {!mayEdit && (
        <Note kind="locked">You can read this, not change it. Editors start and stop syncs.</Note>
      )}
      {current.isError && current.data === undefined ? (
        <PanelFailure
          error={current.error}
          failed="The state of the mirror could not be read"
          failedAt={current.errorUpdatedAt}
          onRetry={() => void current.refetch()}
        />
      ) : (
        <State current={current.data} mayEdit={mayEdit} isRunFirst={isOnlyRun} />
      )}
      <Columns>
        <Main current={current.data} onStart={mayEdit ? ask : null} />
        <Configured current={current.data} />
      </Columns>
      {mayEdit && (
        <FullSyncDialog
          isOpen={isAsking}
          onClose={() => {
            setIsAsking(false);
          }}
        />
      )}
    </Page>
  );
}

type StateProps = {
  current: CurrentStatus | undefined;
  mayEdit: boolean;
  /** On a phone a run that is on comes first: its percentage, and the way to stop it. */
  isRunFirst: boolean;
};

function State({ current, mayEdit, isRunFirst }: StateProps) {
  const run = current && <RunSection current={current} mayEdit={mayEdit} />;
  return (
    <>
      {isRunFirst && run}
      <StateNumbers current={current} />
      {!isRunFirst && run}
      {current?.running && <WhySection id={current.running.session_id} />}
    </>
  );
}

/** The question is part of the address, so a link can ask it; only the button in it starts. */
function useFullSyncQuestion(): [boolean, (isAsking: boolean) => void] {
  const [search, setSearch] = useSearchParams();
  const setIsAsking = (isAsking: boolean): void => {
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        if (isAsking) next.set(ACTION, FULL);
        else next.delete(ACTION);
        return next;
      },
      { replace: true },
    );
  };
  return [search.get(ACTION) === FULL, setIsAsking];
}

type LedeProps = { current: CurrentStatus | undefined; answeredAt: number };

function Lede({ current, answeredAt }: LedeProps) {
  const now = useNow();
  if (current === undefined) return <Skeleton component="span" height={14} width={320} />;
  return ledeOf(current, Math.max(0, (now.getTime() - answeredAt) / 1_000));
}

type MainProps = { current: CurrentStatus | undefined; onStart: (() => void) | null };

function Main({ current, onStart }: MainProps) {
  const mayConnect = useMay('admin');
  const { admins } = useMe();
  if (current === undefined) {
    return (
      <Section title="Recent activity">
        <Skeleton height={160} />
      </Section>
    );
  }
  if (current.condition === 'not_connected') {
    return (
      <Section title="Nothing to sync with">
        <p className={classes.words}>
          {mayConnect
            ? 'Connect the CRM: it takes about two minutes. Then a full sync reads all deals.'
            : whoConnects(admins)}
        </p>
        {mayConnect && (
          <Button component={Link} to="/crm-sync" variant="filled">
            Connect the CRM
          </Button>
        )}
      </Section>
    );
  }
  return (
    <LogSection current={current} onStart={current.mode === 'local_to_crm' ? null : onStart} />
  );
}

function Configured({ current }: { current: CurrentStatus | undefined }) {
  const configuration = useQuery(configurationQuery);
  const mayChange = useMay('admin');
  return (
    <QueryPanel
      query={configuration}
      failed="The configuration could not be read"
      minHeight={300}
      skeleton={
        <Section title="Sync configuration">
          <Skeleton height={260} />
        </Section>
      }
    >
      {(stored) => <ConfigurationSection stored={stored} current={current} mayChange={mayChange} />}
    </QueryPanel>
  );
}
