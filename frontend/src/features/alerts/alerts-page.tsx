/** Changes of deals that passed a threshold: what moved, who moved it, and who has seen to it. */
import { Anchor, Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconCheck, IconSettings } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FiltersBar } from '@/components/deal-filters/filters-bar';
import { SearchBox } from '@/components/deal-filters/search-box';
import { Page } from '@/components/page/page';
import { NothingHere, QueryPanel } from '@/components/panel/query-panel';
import { thresholdWords } from '@/lib/alert-words';
import { formatWhole } from '@/lib/format';
import { dealsColumns } from '@/lib/queries/deals';
import { useMay } from '@/lib/queries/session';
import classes from './alerts-page.module.css';
import { type AlertPage, type AlertState, alertsQuery } from './api/queries';
import { AlertsTable } from './components/alerts-table';
import { Lede } from './components/lede';
import { RuleChips } from './components/rule-chips';
import { type Asked, useAsked } from './lib/asked';

const WORDS: Record<AlertState, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  all: 'All',
};

export default function AlertsPage() {
  const asked = useAsked();
  const alerts = useInfiniteQuery(alertsQuery(asked));
  const columns = useQuery(dealsColumns);
  const isAdmin = useMay('admin');
  const first = alerts.data?.pages[0];
  return (
    <Page
      isWide
      title="Alerts"
      lede={<Lede page={first} asked={asked} />}
      actions={
        <>
          <SearchBox
            text={asked.params.get('q') ?? ''}
            onSearch={(text) => {
              asked.set('q', text);
            }}
          />
          {isAdmin && (
            <Button
              component={Link}
              to="/admin?tab=settings"
              leftSection={<IconSettings size={15} stroke={1.7} aria-hidden />}
            >
              Thresholds
            </Button>
          )}
        </>
      }
    >
      <div className={classes.controls}>
        <SegmentedControl
          aria-label="Which alerts"
          value={asked.status}
          onChange={(value) => {
            asked.set('status', value);
          }}
          data={Object.entries(WORDS).map(([value, label]) => ({
            value,
            label: labelOf(value as AlertState, label, first),
          }))}
        />
        <RuleChips asked={asked} byRule={first?.by_rule} />
      </div>
      <FiltersBar
        columns={columns.data?.columns ?? []}
        params={asked.params}
        onChange={asked.change}
        note={first && <span className={classes.rules}>{thresholdWords(first.thresholds)}</span>}
      />
      <QueryPanel
        query={alerts}
        failed="The alerts could not be read"
        minHeight={320}
        skeleton={<Waiting />}
      >
        {({ pages }) =>
          first === undefined || first.count === 0 ? (
            first && <Nothing asked={asked} page={first} />
          ) : (
            <AlertsTable
              key={asked.params.toString()}
              alerts={pages.flatMap(({ items }) => items)}
              count={first.count}
              base={first.base_currency}
              isWaiting={alerts.isPlaceholderData}
              more={
                alerts.hasNextPage
                  ? {
                      isLoading: alerts.isFetchingNextPage,
                      show: () => void alerts.fetchNextPage(),
                    }
                  : undefined
              }
            />
          )
        }
      </QueryPanel>
    </Page>
  );
}

function labelOf(state: AlertState, word: string, page: AlertPage | undefined): string {
  if (page === undefined) return word;
  const counts = {
    open: page.open,
    acknowledged: page.acknowledged,
    all: page.open + page.acknowledged,
  };
  return `${word} ${formatWhole(counts[state])}`;
}

function Nothing({ asked, page }: { asked: Asked; page: AlertPage }) {
  if (asked.isFiltered) {
    return (
      <div className={classes.nothing}>
        <NothingHere>
          No alerts match these filters.{' '}
          <Anchor component="button" type="button" fz="inherit" fw={550} onClick={asked.clear}>
            Clear filters
          </Anchor>
        </NothingHere>
      </div>
    );
  }
  return (
    <div className={classes.nothing}>
      <NothingHere>
        <IconCheck className={classes.check} size={17} stroke={1.8} aria-hidden />{' '}
        {asked.status === 'acknowledged'
          ? 'No alert has been acknowledged yet.'
          : page.acknowledged > 0
            ? 'No alerts. Every one has been seen to.'
            : 'No alerts. No amount, probability, closing date or stage has moved too far.'}
      </NothingHere>
    </div>
  );
}

const LINES = [0, 1, 2, 3, 4, 5, 6, 7];

function Waiting() {
  return (
    <div className={classes.waiting}>
      {LINES.map((line) => (
        <Skeleton key={line} h={10} my={11} />
      ))}
    </div>
  );
}
