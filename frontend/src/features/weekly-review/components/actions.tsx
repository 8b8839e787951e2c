/** What was to be done in the week, by priority; checked off and added in place. */
import { Checkbox } from '@mantine/core';
import { IconChevronsUp } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { ActionForm } from '@/components/action-form/action-form';
import { Section } from '@/components/page/section';
import { formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import { useChangeAction } from '@/lib/queries/actions';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import type { ReviewAction, WeeklyReview } from '../api/queries';
import { dueWords } from '../lib/words';
import classes from './actions.module.css';

const PRIORITY = { high: 'High', medium: 'Medium', low: 'Low' } as const;

export function Actions({ review }: { review: WeeklyReview }) {
  const { actions, basis, week } = review;
  const mayEdit = useMay('editor');
  const [form, setForm] = useState<ReviewAction | 'new' | null>(null);
  const open = actions.items.filter(({ done_at: at }) => at === null);
  const done = actions.items.filter(({ done_at: at }) => at !== null);
  const hidden = actions.open + actions.done - actions.items.length;
  // Items that somebody may add belong to a week that can still have them.
  const mayAdd = mayEdit && (week.state === 'running' || week.is_latest_complete);
  const list = (items: readonly ReviewAction[]) => (
    <ul className={classes.list}>
      {items.map((action) => (
        <ActionLine key={action.id} action={action} today={basis.today} onEdit={setForm} />
      ))}
    </ul>
  );
  return (
    <div id="actions">
      <Section
        title="Action items"
        hint={[
          `${formatWhole(actions.open)} open`,
          ...(actions.overdue > 0 ? [`${formatWhole(actions.overdue)} overdue`] : []),
          `${formatWhole(actions.done)} done`,
        ].join(', ')}
        {...(mayAdd && {
          action: (
            <button
              type="button"
              className={classes.add}
              onClick={() => {
                setForm('new');
              }}
            >
              Add
            </button>
          ),
        })}
      >
        {(['high', 'medium', 'low'] as const).map((priority) => {
          const items = open.filter((action) => action.priority === priority);
          return (
            items.length > 0 && (
              <div key={priority}>
                <h3 className={classes.priority}>{PRIORITY[priority]}</h3>
                {list(items)}
              </div>
            )
          );
        })}
        {done.length > 0 && (
          <>
            <h3 className={classes.priority}>Done in the week</h3>
            {list(done)}
          </>
        )}
        {actions.since.length > 0 && (
          <>
            <h3 className={classes.priority}>Added since</h3>
            {list(actions.since)}
          </>
        )}
        {actions.items.length + actions.since.length === 0 && (
          <p className={classes.nothing}>Nothing was to be done.</p>
        )}
        {hidden > 0 && <p className={classes.nothing}>{formatWhole(hidden)} more are not shown.</p>}
        {form !== null && (
          <ActionForm
            dealId={null}
            today={basis.today}
            action={form === 'new' ? null : form}
            onClose={() => {
              setForm(null);
            }}
          />
        )}
      </Section>
    </div>
  );
}

type LineProps = { action: ReviewAction; today: string; onEdit: (action: ReviewAction) => void };

function ActionLine({ action, today, onEdit }: LineProps) {
  const mayEdit = useMay('editor');
  const now = useNow('minute');
  const change = useChangeAction();
  const { is_done_now: isDone, is_deleted_now: isDeleted } = action;
  const when = isDeleted
    ? 'deleted since'
    : action.done_at !== null
      ? 'done'
      : isDone
        ? 'done since'
        : action.due_on === null
          ? null
          : dueWords(action.due_on, today, now);
  const title = (
    <>
      {action.priority === 'high' && !isDone && (
        <IconChevronsUp
          size={14}
          stroke={1.9}
          className={classes.high}
          role="img"
          aria-label="High priority:"
          aria-hidden={false}
        />
      )}
      {action.title}
    </>
  );
  return (
    <li className={classes.action} data-done={isDone || isDeleted || undefined}>
      <Checkbox
        checked={isDone}
        disabled={!mayEdit || isDeleted || change.isPending}
        aria-label={action.title}
        onChange={(event) => {
          change.mutate(
            { id: action.id, is_done: event.currentTarget.checked },
            {
              onError: (error) => {
                tellError(error, 'The action item stays as it was.');
              },
            },
          );
        }}
      />
      <span className={classes.words}>
        {mayEdit && !isDeleted ? (
          <button
            type="button"
            className={classes.title}
            onClick={() => {
              onEdit(action);
            }}
          >
            {title}
          </button>
        ) : (
          <span className={classes.title}>{title}</span>
        )}
        {action.deal_id !== null && (
          <Link className={classes.deal} to={`/o2r/opportunities/${action.deal_id}`}>
            {action.deal ?? `id ${action.deal_id}`}
          </Link>
        )}
      </span>
      <span className={classes.who} data-overdue={(action.is_overdue && !isDone) || undefined}>
        {[action.owner?.name, when].filter((each) => each != null).join(', ')}
      </span>
    </li>
  );
}
