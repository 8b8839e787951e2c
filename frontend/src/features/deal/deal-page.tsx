/** `/deals/:id`: one deal with its fields, its state, its way through the stages and its history. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { Columns, Section } from '@/components/page/section';
import { Page } from '@/components/page/page';
import { PanelFailure } from '@/components/panel/query-panel';
import { RECORD_STATES } from '@/components/status/vocabulary';
import { StateBadge } from '@/components/status/state-badge';
import { Moment } from '@/components/time/moment';
import { useNameCrumb } from '@/lib/crumb';
import { type Deal, type DealField, dealQuery, isUnknown } from './api/deal';
import { DealActions } from './components/deal-actions';
import { DealAlerts } from './components/deal-alerts';
import { DealNotes } from './components/deal-notes';
import { DealNumbers } from './components/deal-numbers';
import { EditBar, LeaveQuestion } from './components/edit-bar';
import { DealSkeleton } from './components/deal-skeleton';
import { FieldList, FoldedFieldList, overdueWords } from './components/field-list';
import { RefusalSummary } from './components/refusal-summary';
import { StageBar } from './components/stage-bar';
import { Timeline } from './components/timeline';
import { UnknownDeal } from './components/unknown-deal';
import classes from './deal-page.module.css';
import { personOf } from './lib/person';
import { EditingProvider, useDealEditing } from './lib/use-deal-editing';

const DEAL_FIELDS_AT_FIRST = 14;
const CUSTOM_FIELDS_AT_FIRST = 6;
const SYSTEM_FIELDS_AT_FIRST = 0;

export default function DealPage() {
  const { id = '' } = useParams();
  // Another deal is another page: nothing of the last one is tinted as a change.
  return <DealById key={id} id={id} />;
}

function DealById({ id }: { id: string }) {
  const query = useQuery(dealQuery(id));
  useNameCrumb(query.data?.name ?? (query.data === undefined ? undefined : `Deal ${id}`));
  if (query.data !== undefined) return <DealSheet deal={query.data} />;
  if (isUnknown(query.error)) return <UnknownDeal id={id} />;
  if (query.isError) {
    return (
      <Page title="Deal">
        <PanelFailure
          error={query.error}
          failed="The deal could not be read"
          failedAt={query.errorUpdatedAt}
          onRetry={() => void query.refetch()}
        />
      </Page>
    );
  }
  return <DealSkeleton />;
}

function DealSheet({ deal }: { deal: Deal }) {
  const editing = useDealEditing(deal);
  const groups = (group: DealField['group']): DealField[] =>
    deal.fields.filter((field) => field.group === group);
  return (
    <EditingProvider value={editing}>
      <Page
        title={deal.name ?? `Deal ${deal.id}`}
        beside={<States deal={deal} />}
        lede={<FactsLine deal={deal} />}
        actions={<DealActions deal={deal} />}
      >
        <RefusalSummary />
        <DealNotes deal={deal} />
        <DealAlerts id={deal.id} />
        <DealNumbers deal={deal} />
        <StageBar deal={deal} />
        <Columns>
          <div className={classes.fields}>
            <Section title="Deal">
              <FoldedFieldList
                deal={deal}
                fields={groups('deal')}
                atFirst={DEAL_FIELDS_AT_FIRST}
                wrong={{ Closing_Date: overdueWords(deal) }}
              />
            </Section>
            <div>
              <Section title="Dates">
                <FieldList deal={deal} fields={groups('dates')} />
              </Section>
              <Section title="Custom fields" hint="from the CRM">
                <FoldedFieldList
                  deal={deal}
                  fields={groups('custom')}
                  atFirst={CUSTOM_FIELDS_AT_FIRST}
                  isFilledFirst
                />
              </Section>
              <Section title="System" hint={<SyncedLine deal={deal} />}>
                <FoldedFieldList
                  deal={deal}
                  fields={groups('system')}
                  atFirst={SYSTEM_FIELDS_AT_FIRST}
                />
              </Section>
            </div>
          </div>
          <Timeline deal={deal} />
        </Columns>
        {editing.open?.form === true && <EditBar />}
        <LeaveQuestion />
      </Page>
    </EditingProvider>
  );
}

/** A deal that the CRM deleted may have edits that wait: both are said. */
function States({ deal: { sync } }: { deal: Deal }) {
  const isDeleted = sync.presence === 'deleted';
  return (
    <>
      {isDeleted && <StateBadge state={RECORD_STATES.deleted} />}
      {(!isDeleted || sync.status === 'conflict') && (
        <StateBadge state={RECORD_STATES[sync.status]} />
      )}
    </>
  );
}

function FactsLine({ deal }: { deal: Deal }) {
  const facts = [deal.account?.name, deal.country, deal.owner?.name, deal.market_segment];
  const change = deal.last_change;
  return (
    <>
      {facts.filter((fact) => fact != null).join(' · ')}
      {change !== null && (
        <>
          {' · changed '}
          <Moment at={change.at} /> {change.side === 'crm' ? 'in CRM' : 'locally'} by{' '}
          {personOf(change.by)}
        </>
      )}
      {' · '}
      <Link to={`/o2r/opportunities/${deal.id}`} className={classes.onward}>
        Way to revenue
      </Link>
    </>
  );
}

function SyncedLine({ deal: { sync } }: { deal: Deal }) {
  if (sync.last_synced_at === null) return null;
  return (
    <>
      last read with a change <Moment at={sync.last_synced_at} />
    </>
  );
}
