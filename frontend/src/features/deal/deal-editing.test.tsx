import { screen, waitFor, within } from '@testing-library/react';
import { delay } from 'msw';
import { expect, test } from 'vitest';
import type { FieldProblem } from '@/lib/api';
import { http, server } from '@/testing/server';
import type { Saved } from './api/edit';
import { exampleDeal, exampleForm, exampleMark, withMarks } from './lib/example-deal';
import { answering, ID, pageOfTests, problem, shown } from './testing';

pageOfTests();

const SAVED: Saved = {
  id: ID,
  changed: ['Next_Step'],
  cancelled: [],
  unchanged: [],
  status: 'pending',
  before: { Next_Step: 'Legal review' },
  fields: [],
};

/** Collects what is sent; the mirror shows it as the server would. */
function taking(answer: Partial<Saved> = {}): Record<string, unknown>[] {
  const sent: Record<string, unknown>[] = [];
  server.use(
    http.patch('/api/deals/{deal_id}', async ({ request, response }) => {
      const { fields } = await request.json();
      sent.push(fields);
      return response(200).json({ ...SAVED, ...answer });
    }),
  );
  return sent;
}

const refusing = (errors: FieldProblem[]): void => {
  server.use(
    http.patch('/api/deals/{deal_id}', ({ response }) =>
      response(422).json(problem(422, 'invalid_fields', 'Values cannot be taken.', null, errors)),
    ),
  );
};

async function opened() {
  const page = shown();
  const edit = await screen.findByRole('button', { name: 'Edit' });
  await waitFor(() => {
    expect(edit).not.toHaveAttribute('aria-disabled');
  });
  await page.user.click(edit);
  return { ...page, amount: await screen.findByRole('textbox', { name: 'Amount' }) };
}

const rowOf = (label: string): HTMLElement => {
  const row = within(screen.getByRole('region', { name: 'Deal' })).getByText(label).parentElement;
  if (row === null) throw new Error(`no row ${label}`);
  return row;
};

test('sends the fields that were changed, and no others, with Ctrl+Enter', async () => {
  answering(exampleDeal());
  const sent = taking({ changed: ['Amount', 'Next_Step'] });
  const { user, amount } = await opened();

  expect(amount).toHaveFocus();
  await user.clear(amount);
  await user.type(amount, '1350000.5');
  const step = screen.getByRole('textbox', { name: 'Next Step' });
  await user.clear(step);
  await user.type(step, 'Board meeting{Control>}{Enter}{/Control}');

  await waitFor(() => {
    expect(sent).toEqual([{ Amount: '1350000.5', Next_Step: 'Board meeting' }]);
  });
  expect(await screen.findByText('Amount and Next Step saved, waiting for the CRM.')).toBeVisible();
  expect(screen.queryByRole('textbox', { name: 'Amount' })).not.toBeInTheDocument();
});

test('shows a saved field as pending before the server has answered', async () => {
  answering(exampleDeal());
  server.use(
    http.patch('/api/deals/{deal_id}', async () => {
      await delay('infinite');
    }),
  );
  const { user } = await opened();

  const step = screen.getByRole('textbox', { name: 'Next Step' });
  await user.clear(step);
  await user.type(step, 'Board meeting');
  await user.click(screen.getByRole('button', { name: /^Save/ }));

  await waitFor(() => {
    expect(rowOf('Next Step')).toHaveTextContent(/Board meetingPendingwas “Legal review”, by you/);
  });
});

test('gives back what was typed with the words of the server, and a summary that has the focus', async () => {
  answering(exampleDeal());
  refusing([
    { field: 'Amount', message: 'Amount takes numbers.', fix: 'Type digits.' },
    { field: 'Closing_Date', message: 'Closing date is no day.', fix: 'Type a day.' },
  ]);
  const { user, amount } = await opened();

  await user.clear(amount);
  await user.type(amount, 'a lot');
  const day = screen.getByRole('textbox', { name: 'Closing date' });
  await user.clear(day);
  await user.type(day, 'soon');
  await user.click(screen.getByRole('button', { name: /^Save/ }));

  const summary = await screen.findByRole('alert');
  expect(summary).toHaveTextContent('Nothing was saved: 2 fields cannot be taken.');
  expect(summary).toHaveFocus();
  const again = screen.getByRole('textbox', { name: 'Amount' });
  expect(again).toHaveValue('a lot');
  expect(again).toHaveAccessibleDescription('Amount takes numbers. Type digits.');
  expect(screen.getByText('118,500,000', { exact: false })).toBeVisible();

  await user.click(within(summary).getByRole('button', { name: 'Closing date' }));
  expect(screen.getByRole('textbox', { name: 'Closing date' })).toHaveFocus();
  expect(screen.getByRole('textbox', { name: 'Closing date' })).toHaveValue('soon');
});

test('keeps what was typed when nobody answers', async () => {
  answering(exampleDeal());
  server.use(http.patch('/api/deals/{deal_id}', () => Response.error()));
  const { user } = await opened();

  const step = screen.getByRole('textbox', { name: 'Next Step' });
  await user.clear(step);
  await user.type(step, 'Board meeting');
  await user.click(screen.getByRole('button', { name: /^Save/ }));

  expect(await screen.findByRole('alert')).toHaveTextContent(
    'Nothing was saved. No connection to Pipeline Pulse.',
  );
  expect(screen.getByRole('textbox', { name: 'Next Step' })).toHaveValue('Board meeting');
});

test('switches saving off while nobody answers, and keeps what was typed', async () => {
  answering(exampleDeal());
  const { user } = await opened();
  const step = screen.getByRole('textbox', { name: 'Next Step' });
  await user.type(step, ' now');
  const save = screen.getByRole('button', { name: /^Save/ });
  expect(save).toBeEnabled();

  server.use(
    http.get('/api/deals/{deal_id}/form', () => Response.error()),
    http.post('/api/records/{record_id}/sync', () => Response.error()),
  );
  // Whatever makes the page ask again finds nobody.
  await user.click(screen.getByRole('button', { name: 'Force sync' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Read from the CRM now/ }));

  await waitFor(() => {
    expect(save).toBeDisabled();
  });
  expect(
    screen.getByText('No connection to Pipeline Pulse. Saving is off; what you typed stays.'),
  ).toBeVisible();
  expect(step).toHaveValue('Legal review now');
});

test('asks before it leaves what was typed, and leaves at once where nothing was', async () => {
  answering(exampleDeal());
  const { user, amount } = await opened();

  await user.type(amount, '1');
  await user.keyboard('{Escape}');
  const question = await screen.findByRole('dialog', { name: 'Leave without saving?' });
  expect(question).toHaveTextContent('What you typed in Amount is lost.');
  await user.click(within(question).getByRole('button', { name: 'Keep editing' }));
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
  expect(amount).toHaveValue('118,500,0001');

  await user.clear(amount);
  await user.type(amount, '118500000.00');
  await user.keyboard('{Escape}');
  await waitFor(() => {
    expect(screen.queryByRole('textbox', { name: 'Amount' })).not.toBeInTheDocument();
  });
});

test('asks before another deal takes the place of what was typed', async () => {
  answering(exampleDeal());
  const { user, amount, address } = await opened();

  await user.type(amount, '1');
  await user.click(screen.getByRole('button', { name: 'Next deal of the list' }));
  const question = await screen.findByRole('dialog', { name: 'Leave without saving?' });
  expect(address()).toBe(`/deals/${ID}`);

  await user.click(within(question).getByRole('button', { name: 'Leave' }));
  await waitFor(() => {
    expect(address()).toBe('/deals/3');
  });
});

test('edits one field alone: Enter saves, and the toast takes it back', async () => {
  answering(exampleDeal());
  const sent = taking();
  const { user } = shown();

  await user.click(await screen.findByRole('button', { name: 'Edit Next Step' }));
  const step = screen.getByRole('textbox', { name: 'Next Step' });
  expect(step).toHaveFocus();
  expect(screen.queryByRole('textbox', { name: 'Amount' })).not.toBeInTheDocument();
  await user.clear(step);
  await user.type(step, 'Board meeting{Enter}');

  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => {
    expect(sent).toEqual([{ Next_Step: 'Board meeting' }, { Next_Step: 'Legal review' }]);
  });
});

test('opens one field by a double click, and Esc leaves it as it was', async () => {
  answering(exampleDeal());
  const sent = taking();
  const { user } = shown();
  await screen.findByRole('button', { name: 'Edit Next Step' });

  await user.dblClick(within(rowOf('Next Step')).getByText('Legal review'));
  await user.type(await screen.findByRole('textbox', { name: 'Next Step' }), ' now{Escape}');

  expect(rowOf('Next Step')).toHaveTextContent(/^Next StepLegal review$/);
  expect(sent).toEqual([]);
});

test('says why a field cannot be edited', async () => {
  answering(exampleDeal());
  const { user } = await opened();
  const system = screen.getByRole('region', { name: 'System' });
  await user.click(within(system).getByRole('button', { name: 'Show 1 more' }));

  expect(
    within(system).getByRole('button', {
      name: 'Modified By is read-only: The CRM keeps it itself.',
    }),
  ).toBeVisible();
});

test('edits nothing while the mode lets nothing through, and says so', async () => {
  const reason = 'Sync mode is CRM to local: nothing is written to the CRM.';
  answering(exampleDeal(), {
    form: exampleForm({ read_only_reason: reason }),
    mode: 'crm_to_local',
  });
  const { user } = shown();

  const edit = await screen.findByRole('button', { name: 'Edit' });
  await user.hover(edit);
  expect(await screen.findByText(reason)).toBeVisible();
  await user.unhover(edit);
  await user.click(edit);
  expect(screen.queryByRole('textbox', { name: 'Amount' })).not.toBeInTheDocument();

  await user.click(screen.getByRole('button', { name: 'Force sync' }));
  const send = await screen.findByRole('menuitem', { name: /^Send to the CRM now/ });
  expect(send).toHaveTextContent(reason);
  expect(send).toBeDisabled();
});

test('marks what waits, what clashes and what was refused, each with its way out', async () => {
  const deal = withMarks(exampleDeal(), {
    Amount: exampleMark({
      state: 'conflict',
      base: { kind: 'money', amount: '1280000', currency: 'INR' },
      crm: { kind: 'money', amount: '1310000', currency: 'INR' },
    }),
    Next_Step: exampleMark(),
    Closing_Date: exampleMark({
      state: 'error',
      base: { kind: 'date', date: '2026-08-21' },
      error: 'record is locked',
      error_code: 'RECORD_LOCKED',
      by: 'Marcus Tan',
    }),
  });
  answering(deal);
  shown();

  await screen.findByRole('heading', { name: 'Claims platform renewal' });
  expect(rowOf('Amount')).toHaveTextContent(/ConflictCRM 1,310,000 · was 1,280,000/);
  expect(within(rowOf('Amount')).getByRole('link', { name: 'Resolve' })).toHaveAttribute(
    'href',
    `/sync-status?tab=conflicts&record=${ID}`,
  );
  expect(screen.getByText('Conflict: CRM says 1,310,000')).toBeVisible();
  expect(rowOf('Next Step')).toHaveTextContent(
    /Pendingwas “Send revised terms”, by Priya Raghunathan/,
  );
  const refused = rowOf('Closing date');
  expect(refused).toHaveTextContent(
    /ErrorCRM: record is locked \(RECORD_LOCKED\)was Aug 21, by Marcus Tan/,
  );
  expect(
    await within(refused).findByRole('button', { name: 'Retry the edit of Closing date' }),
  ).toBeVisible();
  expect(
    within(refused).getByRole('button', { name: 'Drop the edit of Closing date' }),
  ).toBeVisible();
});

test('drops an edit, and brings it back by the toast', async () => {
  answering(withMarks(exampleDeal(), { Next_Step: exampleMark() }));
  const sent = taking();
  const dropped: string[][] = [];
  server.use(
    http.delete('/api/deals/{deal_id}/changes', ({ request, response }) => {
      dropped.push(new URL(request.url).searchParams.getAll('fields'));
      return response(200).json({
        id: ID,
        dropped: { Next_Step: 'Legal review' },
        status: 'synced',
        fields: [],
      });
    }),
  );
  const { user } = shown();

  await user.click(await screen.findByRole('button', { name: 'Undo the edit of Next Step' }));
  expect(await screen.findByText('The edit of Next Step was dropped.')).toBeVisible();
  expect(dropped).toEqual([['Next_Step']]);

  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => {
    expect(sent).toEqual([{ Next_Step: 'Legal review' }]);
  });
});

test('keeps what is typed when the field changes in the CRM meanwhile, and says what it holds', async () => {
  answering(exampleDeal());
  taking();
  const { user, amount } = await opened();
  await user.type(amount, '1');
  const form = exampleForm();
  const moved = form.fields.map((field) =>
    field.api_name === 'Amount'
      ? {
          ...field,
          value: '99',
          shown: { kind: 'money' as const, amount: '99', currency: 'INR' },
        }
      : field,
  );
  answering(exampleDeal(), { form: { ...form, fields: moved } });
  // What a read on request brings is what any event brings: the page asks again.
  server.use(
    http.post('/api/records/{record_id}/sync', ({ response }) =>
      response(200).json({
        message: 'Read.',
        direction: 'from_crm',
        sync_result: {
          action_taken: 'updated',
          conflicts_detected: 0,
          changed_fields: ['Amount'],
          refused_fields: [],
        },
        timestamp: '2026-08-17T00:42:00Z',
      }),
    ),
  );
  await user.click(screen.getByRole('button', { name: 'Force sync' }));
  await user.click(await screen.findByRole('menuitem', { name: /^Read from the CRM now/ }));

  expect(
    await screen.findByText(/Changed meanwhile in the CRM: INR 99\. What you typed stays\./),
  ).toBeVisible();
  expect(amount).toHaveValue('118,500,0001');

  await user.click(screen.getByRole('button', { name: 'Take theirs' }));
  expect(amount).toHaveValue('99');
});

test('offers to drop or to restore where the CRM deleted a deal that was edited here', async () => {
  const deal = withMarks(exampleDeal(), {
    Next_Step: exampleMark({ state: 'conflict', is_record_gone: true }),
  });
  answering({
    ...deal,
    sync: {
      ...deal.sync,
      status: 'conflict',
      presence: 'deleted',
      gone_at: '2026-08-14T09:20:00Z',
      gone_by: { id: '1', name: 'Nurul Aisyah' },
    },
  });
  const actions: unknown[] = [];
  server.use(
    http.post('/api/sync-status/conflicts/{conflict_id}/resolve', async ({ request, response }) => {
      actions.push(await request.json());
      return response(200).json({
        message: 'The deal is restored and the edit sent.',
        conflict_id: ID,
        new_status: 'pending',
        resolved_at: '2026-08-17T00:42:00Z',
      });
    }),
  );
  const { user } = shown();

  expect(
    await screen.findByText('1 edit made here waits for a decision: Next Step.'),
  ).toBeVisible();
  expect(screen.getByText('Deleted in CRM')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Restore and send' }));

  expect(await screen.findByText('The deal is restored and the edit sent.')).toBeVisible();
  expect(actions).toEqual([{ action: 'use_local' }]);
});
