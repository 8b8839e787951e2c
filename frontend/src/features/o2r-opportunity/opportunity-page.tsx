/** `/o2r/opportunities/:id`: where a deal is on its way to cash, when money comes, what holds it up. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { ExportMenu } from '@/components/export-menu/export-menu';
import { KeyNumber, KeyNumbers } from '@/components/key-numbers/key-numbers';
import { Page } from '@/components/page/page';
import { Columns, Section } from '@/components/page/section';
import { NothingHere, PanelFailure } from '@/components/panel/query-panel';
import { useNameCrumb } from '@/lib/crumb';
import { useMay } from '@/lib/queries/session';
import { isUnknown, type Opportunity, opportunityQuery } from './api/queries';
import { Actions } from './components/actions';
import { BlockerForm } from './components/blocker-forms';
import { CommentForm, Comments } from './components/comments';
import { Badges, FactsLine, HeadActions, type Wanted } from './components/head';
import { MilestoneForm } from './components/milestone-form';
import { Milestones } from './components/milestones';
import { Numbers } from './components/numbers';
import { Signals } from './components/signals';

export default function OpportunityPage() {
  const { id = '' } = useParams();
  // Another opportunity is another page: nothing of the last one is tinted as a change.
  return <OpportunityById key={id} id={id} />;
}

function OpportunityById({ id }: { id: string }) {
  const query = useQuery(opportunityQuery(id));
  useNameCrumb(query.data?.name ?? (query.data === undefined ? undefined : `Deal ${id}`));
  if (query.data !== undefined) return <Sheet opportunity={query.data} />;
  if (isUnknown(query.error)) {
    return (
      <Page title="Opportunity">
        <NothingHere>
          There is no deal {id} in the mirror.{' '}
          <Button component={Link} to="/o2r/opportunities" variant="subtle">
            All opportunities
          </Button>
        </NothingHere>
      </Page>
    );
  }
  if (query.isError) {
    return (
      <Page title="Opportunity">
        <PanelFailure
          error={query.error}
          failed="The opportunity could not be read"
          failedAt={query.errorUpdatedAt}
          onRetry={() => void query.refetch()}
        />
      </Page>
    );
  }
  return <Waiting />;
}

function Sheet({ opportunity }: { opportunity: Opportunity }) {
  const [wanted, want] = useState<Wanted | null>(null);
  const mayEdit = useMay('editor');
  const close = (): void => {
    want(null);
  };
  return (
    <Page
      title={opportunity.name ?? `Deal ${opportunity.id}`}
      beside={<Badges opportunity={opportunity} />}
      lede={<FactsLine opportunity={opportunity} />}
      actions={
        <>
          <HeadActions opportunity={opportunity} onWant={want} />
          <ExportMenu kinds={['o2r_deal']} query="" subject={opportunity.id} />
        </>
      }
    >
      <Numbers opportunity={opportunity} />
      <Milestones
        opportunity={opportunity}
        onOpen={
          mayEdit
            ? (milestone) => {
                want({ form: 'milestone', of: milestone });
              }
            : undefined
        }
      />
      <Columns layout="equal">
        <Signals opportunity={opportunity} />
        <Actions opportunity={opportunity} />
        <Comments comments={opportunity.comments} />
      </Columns>
      {wanted?.form === 'comment' && <CommentForm dealId={opportunity.id} onClose={close} />}
      {wanted?.form === 'blocker' && <BlockerForm dealId={opportunity.id} onClose={close} />}
      {wanted?.form === 'milestone' && (
        <MilestoneForm opportunity={opportunity} milestone={wanted.of} onClose={close} />
      )}
    </Page>
  );
}

const NUMBERS = ['Value', 'Phase', 'Next milestone', 'Revenue expected', 'Health score'];

function Waiting() {
  return (
    <Page title="Opportunity" lede={<Skeleton component="span" height={12} width={320} />}>
      <div aria-busy="true">
        <KeyNumbers label="Key numbers">
          {NUMBERS.map((label) => (
            <KeyNumber key={label} label={label} value="" isLoading />
          ))}
        </KeyNumbers>
        <Section title="Milestones" hint="planned and actual">
          <Skeleton height={430} />
        </Section>
      </div>
    </Page>
  );
}
