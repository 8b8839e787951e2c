/** A new operation: choose, change, preview; each step folds to a line when it is done. */
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ApiProblem } from '@/lib/api';
import { useChosenDeals } from '@/lib/chosen-deals';
import { counted } from '@/lib/format';
import type { Wanted } from '../api/bulk';
import { byOf, choiceOf } from '../lib/choice';
import { isComplete, useDraft, valuesOf } from '../lib/draft';
import { fitting } from '../lib/operations';
import { namesOf } from '../lib/words';
import { useQuery } from '@tanstack/react-query';
import { formOfManyQuery } from '@/lib/queries/deal-form';
import { ChangeStep } from './change-step';
import { ChooseStep, useChosenCount } from './choose-step';
import { PreviewStep } from './preview-step';
import { Step } from './step';

type At = 'choose' | 'change' | 'preview';

const ORDER: readonly At[] = ['choose', 'change', 'preview'];
const BY = { filter: 'by a filter', ids: 'by ID', view: 'by a view of the CRM' } as const;

export function NewOperation({ onStarted }: { onStarted: (id: string) => void }) {
  const [params, setParams] = useSearchParams();
  const chosen = useChosenDeals();
  const { draft, change, clear } = useDraft(chosen);
  const [at, setAt] = useState<At>(chosen.length > 0 ? 'change' : 'choose');
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const form = useQuery(formOfManyQuery);
  const count = useChosenCount(params, draft.idsText);
  const choice = choiceOf(params, draft.idsText);
  const labels = draft.changes.map(
    ({ field }) => form.data?.fields.find(({ api_name }) => api_name === field)?.label ?? field,
  );
  const isChanged = draft.changes.length > 0 && draft.changes.every(isComplete);
  const stateOf = (step: At): 'waiting' | 'open' | 'done' => {
    if (step === at) return 'open';
    return ORDER.indexOf(step) < ORDER.indexOf(at) ? 'done' : 'waiting';
  };
  const wanted: Wanted | null =
    choice !== null && isChanged
      ? {
          choose: choice,
          fields: valuesOf(draft.changes),
          operation: fitting(draft.operation, count ?? 0),
        }
      : null;
  const onRefused = (step: 'choose' | 'change', problem: ApiProblem): void => {
    const field = problem.facts['field'];
    setRefused(typeof field === 'string' ? { [field]: problem.message } : {});
    setAt(step);
  };
  return (
    <>
      <Step
        number={1}
        title="Choose"
        state={stateOf('choose')}
        summary={
          <>
            <strong>{count === null ? 'Deals' : counted(count, 'deal')}</strong> {BY[byOf(params)]}
          </>
        }
        onReopen={() => {
          setAt('choose');
        }}
      >
        <ChooseStep
          params={params}
          setParams={(after) => {
            setParams(after, { replace: true });
          }}
          idsText={draft.idsText}
          onIdsText={(idsText) => {
            change({ idsText });
          }}
          onNext={() => {
            setAt('change');
          }}
        />
      </Step>
      <Step
        number={2}
        title="Change"
        state={stateOf('change')}
        summary={<strong>{namesOf(labels)}</strong>}
        onReopen={() => {
          setAt('change');
        }}
      >
        <ChangeStep
          draft={draft}
          count={count}
          refused={refused}
          onChange={(some) => {
            setRefused({});
            change(some);
          }}
          onNext={() => {
            setAt('preview');
          }}
        />
      </Step>
      <Step number={3} title="Preview" state={stateOf('preview')}>
        {wanted !== null && (
          <PreviewStep
            wanted={wanted}
            onRefused={onRefused}
            onStarted={(id) => {
              clear();
              onStarted(id);
            }}
          />
        )}
      </Step>
      <Step number={4} title="Run" state="waiting" />
    </>
  );
}
