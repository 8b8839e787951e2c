/** Sync Status Monitor: is syncing healthy, what is not in sync, how did each run go, how fast is it. */
import { Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Page } from '@/components/page/page';
import { QueryPanel } from '@/components/panel/query-panel';
import { formatWhole } from '@/lib/format';
import { openCountQuery } from './api/conflicts';
import { healthQuery } from './api/queries';
import { ConflictsTab } from './components/conflicts/conflicts-tab';
import { HealthNumbers, HealthNumbersWaiting } from './components/health-numbers';
import { History } from './components/history';
import { Overview } from './components/overview';
import { Performance } from './components/performance';
import { RangeControl } from './components/range-control';
import { RecordsDrawer } from './components/records-drawer';
import { RunDrawer } from './components/run-drawer';
import { Verdict } from './components/verdict';
import { useSearch } from './lib/search';
import classes from './sync-status-page.module.css';

export default function SyncStatusPage() {
  const search = useSearch();
  const health = useQuery(healthQuery(search.range));
  const open = useQuery(openCountQuery);
  return (
    <Page
      title="Sync Status Monitor"
      lede={
        health.data && !open.isPending ? (
          <Verdict health={health.data} open={open.data} search={search} />
        ) : (
          !health.isError && (
            <Skeleton component="span" display="inline-block" h={14} w={420} maw="100%" />
          )
        )
      }
      actions={<RangeControl search={search} />}
    >
      <QueryPanel
        query={health}
        failed="Sync health could not be computed"
        minHeight={96}
        skeleton={<HealthNumbersWaiting />}
      >
        {(data) => <HealthNumbers health={data} search={search} />}
      </QueryPanel>
      <Tabs
        className={classes.tabs ?? ''}
        value={search.tab}
        onChange={(tab) => {
          search.go({
            tab: tab === 'overview' ? null : tab,
            page: null,
            record: null,
            skipped: null,
          });
        }}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="conflicts" rightSection={<OpenCount />}>
            Conflicts
          </Tabs.Tab>
          <Tabs.Tab value="history">Sync History</Tabs.Tab>
          <Tabs.Tab value="performance">Performance</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview health={health.data} isWaiting={health.isPending} search={search} />
        </Tabs.Panel>
        <Tabs.Panel value="conflicts">
          <ConflictsTab search={search} total={health.data?.record_status.total_count} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History search={search} />
        </Tabs.Panel>
        <Tabs.Panel value="performance">
          <Performance search={search} />
        </Tabs.Panel>
      </Tabs>
      <RunDrawer search={search} />
      <RecordsDrawer search={search} />
    </Page>
  );
}

function OpenCount() {
  const { data: count = 0 } = useQuery(openCountQuery);
  return count === 0 ? null : <span className={classes.count}>{formatWhole(count)}</span>;
}
