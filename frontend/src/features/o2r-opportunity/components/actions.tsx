/** What is to be done about the deal, by whom and until when; checked off in place. */
import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconChevronsUp, IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ActionForm } from '@/components/action-form/action-form';
import { Section } from '@/components/page/section';
import { formatDay, formatWhole } from '@/lib/format';
import { useNow } from '@/lib/now';
import { type ActionItem, useChangeAction, useDeleteAction } from '@/lib/queries/actions';
import { useMay } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { tellUndoable } from '@/lib/undo';
import type { Opportunity } from '../api/queries';
import classes from './lists.module.css';

const DAY_MS = 86_400_000;
/** Done ones that are shown at once. */
const DONE_AT_FIRST = 3;

export function Actions({ opportunity }: { opportunity: Opportunity }) {
  const mayEdit = useMay('editor');
  const [form, setForm] = useState<ActionItem | 'new' | null>(null);
  const open = opportunity.actions.filter(({ done_at: at }) => at === null);
  const done = opportunity.actions.filter(({ done_at: at }) => at !== null);
  const line = (action: ActionItem) => (
    <ActionLine key={action.id} action={action} today={opportunity.today} onEdit={setForm} />
  );
  return (
    <Section
      title="Action items"
      hint={`${formatWhole(open.length)} open`}
      action={
        mayEdit && (
          <button
            type="button"
            className={classes.add}
            onClick={() => {
              setForm('new');
            }}
          >
            Add
          </button>
        )
      }
    >
      <ul className={classes.list}>
        {[...open, ...done.slice(0, DONE_AT_FIRST)].map(line)}
        {opportunity.actions.length === 0 && (
          <li className={classes.nothing}>Nothing is to be done.</li>
        )}
      </ul>
      {done.length > DONE_AT_FIRST && (
        <details className={classes.details}>
          <summary>{formatWhole(done.length - DONE_AT_FIRST)} more that are done</summary>
          <ul className={classes.list}>{done.slice(DONE_AT_FIRST).map(line)}</ul>
        </details>
      )}
      {form !== null && (
        <ActionForm
          dealId={opportunity.id}
          today={opportunity.today}
          action={form === 'new' ? null : form}
          onClose={() => {
            setForm(null);
          }}
        />
      )}
    </Section>
  );
}

type LineProps = { action: ActionItem; today: string; onEdit: (action: ActionItem) => void };

function ActionLine({ action, today, onEdit }: LineProps) {
  const mayEdit = useMay('editor');
  const change = useChangeAction();
  const isDone = action.done_at !== null;
  const isHigh = action.priority === 'high' && !isDone;
  const title = (
    <>
      {isHigh && (
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
    <li className={classes.action} data-done={isDone || undefined}>
      <Checkbox
        checked={isDone}
        disabled={!mayEdit || change.isPending}
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
      {mayEdit ? (
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
      <WhoAndWhen action={action} today={today} />
      {mayEdit && <ActionMenu action={action} onEdit={onEdit} />}
    </li>
  );
}

function WhoAndWhen({ action, today }: { action: ActionItem; today: string }) {
  const now = useNow('minute');
  const when =
    action.done_at !== null
      ? 'done'
      : action.due_on === null
        ? null
        : dueWords(action.due_on, today, now);
  const said = [action.owner?.name, when].filter((each) => each != null).join(', ');
  return (
    <span className={classes.who} data-overdue={action.is_overdue || undefined}>
      {said}
    </span>
  );
}

/** `today`, `tomorrow`, `3 d overdue`, `21 Aug`. */
function dueWords(due: string, today: string, now: Date): string {
  const days = Math.round((Date.parse(due) - Date.parse(today)) / DAY_MS);
  if (days < 0) return `${formatWhole(-days)} d overdue`;
  if (days < 2) return days === 0 ? 'today' : 'tomorrow';
  return formatDay(due, now);
}

function ActionMenu({ action, onEdit }: Omit<LineProps, 'today'>) {
  const change = useDeleteAction();
  const restore = useDeleteAction();
  return (
    <Menu position="bottom-end" width={140}>
      <Menu.Target>
        <ActionIcon size={24} className={classes.more ?? ''} aria-label={`Change ${action.title}`}>
          <IconDots size={15} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={15} stroke={1.7} aria-hidden />}
          onClick={() => {
            onEdit(action);
          }}
        >
          Edit
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTrash size={15} stroke={1.7} aria-hidden />}
          onClick={() => {
            change.mutate(
              { id: action.id, isDeleted: true },
              {
                onSuccess: () => {
                  tellUndoable('Action item deleted.', () => {
                    restore.mutate(
                      { id: action.id, isDeleted: false },
                      {
                        onError: (error) => {
                          tellError(error, 'The action item is still deleted.');
                        },
                      },
                    );
                  });
                },
                onError: (error) => {
                  tellError(error, 'The action item was not deleted.');
                },
              },
            );
          }}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
