/** Step 3: what would happen, to which deals, what would not and why, and what it costs. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Note } from '@/components/note/note';
import { Columns, Section } from '@/components/page/section';
import { QueryPanel } from '@/components/panel/query-panel';
import { StateBadge } from '@/components/status/state-badge';
import { ApiProblem } from '@/lib/api';
import { counted, formatWhole } from '@/lib/format';
import { type Preview, previewQuery, type Wanted } from '../api/bulk';
import { exceptions, ITEM_STATES, namesOf } from '../lib/words';
import { BeforeAfter } from './before-after';
import { BulkPlanTable } from './bulk-plan';
import { ConfirmStart } from './confirm-start';
import classes from './preview-step.module.css';

/** Enough to see the pattern; the result lists all. */
const SHOWN = 8;

type PreviewStepProps = {
  wanted: Wanted;
  /** The server refuses a value or the choice: the step that it is about opens with its words. */
  onRefused: (step: 'choose' | 'change', problem: ApiProblem) => void;
  onStarted: (id: string) => void;
};

export function PreviewStep({ wanted, onRefused, onStarted }: PreviewStepProps) {
  const query = useQuery(previewQuery(wanted));
  const { error } = query;
  if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) {
    const field = error.facts['field'];
    const isChoice = typeof field === 'string' && field.startsWith('choose');
    return (
      <Refused
        problem={error}
        step={isChoice ? 'choice of deals' : 'values'}
        onMend={() => {
          onRefused(isChoice ? 'choose' : 'change', error);
        }}
      />
    );
  }
  return (
    <QueryPanel
      query={query}
      failed="The preview could not be made"
      minHeight={260}
      skeleton={<Skeleton height={260} />}
    >
      {(preview) => (
        <Shown
          preview={preview}
          wanted={wanted}
          onStarted={onStarted}
          onOld={() => void query.refetch()}
        />
      )}
    </QueryPanel>
  );
}

type RefusedProps = { problem: ApiProblem; step: string; onMend: () => void };

function Refused({ problem, step, onMend }: RefusedProps) {
  return (
    <Note kind="failing" action={<Button onClick={onMend}>Change the {step}</Button>}>
      <strong>{problem.message.replace(/^[\w.]+: /, '')}</strong> {problem.fix}
    </Note>
  );
}

type ShownProps = {
  preview: Preview;
  wanted: Wanted;
  onStarted: (id: string) => void;
  /** It does not hold any more. */
  onOld: () => void;
};

function Shown({ preview, wanted, onStarted, onOld }: ShownProps) {
  const [isAsking, setIsAsking] = useState(false);
  const { will_change: count, sample, reasons, plan } = preview;
  const labels = preview.fields.map(({ label }) => label);
  return (
    <>
      <p className={classes.verdict} role="status">
        <strong>
          {count === 0
            ? 'No deal would change.'
            : count === preview.count
              ? `${counted(count, 'deal')} ${count === 1 ? 'changes' : 'change'}.`
              : `${formatWhole(count)} of ${counted(preview.count, 'deal')} change.`}
        </strong>{' '}
        {exceptions(preview).join(' ')}
      </p>
      <Columns>
        <div>
          {sample.length > 0 && (
            <Section
              title="Before and after"
              hint={
                count > SHOWN
                  ? `the first ${formatWhole(SHOWN)} of ${formatWhole(count)}`
                  : undefined
              }
            >
              <BeforeAfter rows={sample.slice(0, SHOWN)} label="Deals before and after" />
            </Section>
          )}
          {reasons.length > 0 && <Reasons reasons={reasons} />}
        </div>
        <Section title="Plan" hint="the lowest price, then the shortest time">
          <BulkPlanTable plan={plan} />
          {!plan.is_affordable && (
            <Note kind="warning">
              There are not enough credits left for this. They come back one by one, 24 hours after
              they were spent.
            </Note>
          )}
        </Section>
      </Columns>
      <Button
        variant="filled"
        disabled={count === 0 || !plan.is_affordable}
        onClick={() => {
          setIsAsking(true);
        }}
      >
        Change {namesOf(labels)} in {counted(count, 'deal')}
      </Button>
      <ConfirmStart
        preview={preview}
        wanted={wanted}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
        onStarted={onStarted}
        onOld={onOld}
      />
    </>
  );
}

function Reasons({ reasons }: { reasons: Preview['reasons'] }) {
  return (
    <Section title="What will not change">
      <ul className={classes.reasons} aria-label="What will not change">
        {reasons.map(({ state, code, message, field, count, sample }) => (
          <li key={`${state} ${code} ${field ?? ''} ${message}`}>
            <span className={classes.reason}>
              <StateBadge state={ITEM_STATES[state]} look="icon" />
              <strong>{counted(count, 'deal')}</strong> {message}
            </span>
            <span className={classes.deals}>
              {sample.map(({ id, name }, at) => (
                <span key={id}>
                  {at > 0 && ', '}
                  {name === null ? id : <Link to={`/deals/${id}`}>{name}</Link>}
                </span>
              ))}
              {count > sample.length && ` and ${formatWhole(count - sample.length)} more`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
