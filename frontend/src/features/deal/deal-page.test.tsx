import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { onKeyDown } from '@/lib/keys';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import DealPage from './deal-page';
import { exampleDeal, exampleEntry } from './lib/example-deal';
import { answering, ID, pageOfTests, problem, shown } from './testing';

pageOfTests();

const section = (name: string): HTMLElement => screen.getByRole('region', { name });

test('says who, where and how much, with the rate that made it', async () => {
  answering(exampleDeal());
  shown();

  expect(await screen.findByRole('heading', { name: 'Claims platform renewal' })).toBeVisible();
  expect(screen.getByText('Synced')).toBeVisible();
  const numbers = screen.getByRole('list', { name: 'Key numbers' });
  expect(numbers).toHaveTextContent('1,805,940');
  expect(numbers).toHaveTextContent(/INR 118,500,000 × 0\.01524, CRM rate of/);
  expect(numbers).toHaveTextContent('1,264,158');
  expect(numbers).toHaveTextContent('3 days overdue');
});

test('shows the stages with their days, and which one it is in', async () => {
  answering(exampleDeal());
  shown();

  const stages = within(await screen.findByRole('list', { name: 'Stages' })).getAllByRole(
    'listitem',
  );

  expect(stages.map((stage) => stage.textContent)).toEqual([
    'Proposal≥ 21 d',
    'Negotiation23 d',
    'Deal approval',
  ]);
  expect(stages[1]).toHaveAttribute('aria-current', 'step');
});

test('says how long deals usually stay in its stage', async () => {
  answering(exampleDeal(), { median: 14.4 });
  shown();

  expect(await screen.findByText('median 14 for Negotiation')).toBeVisible();
});

test('tells an empty field from one that does not apply', async () => {
  const deal = exampleDeal();
  const fields = deal.fields.map((field) =>
    field.api_name === 'Custom_0' ? { ...field, applies: false } : field,
  );
  answering({ ...deal, fields });
  shown();

  await screen.findByRole('heading', { name: 'Custom fields' });
  const custom = section('Custom fields');

  expect(within(section('Dates')).getByText('Empty')).toBeVisible();
  expect(within(custom).getByText('–')).toBeVisible();
});

test('puts filled custom fields first and unfolds the others', async () => {
  answering(exampleDeal());
  const { user } = shown();
  await screen.findByRole('heading', { name: 'Custom fields' });
  const custom = section('Custom fields');

  expect(within(custom).getAllByRole('term')[0]).toHaveTextContent('Partner');
  expect(within(custom).getAllByRole('term')).toHaveLength(6);
  await user.click(within(custom).getByRole('button', { name: 'Show 4 more' }));
  expect(within(custom).getAllByRole('term')).toHaveLength(10);
});

test('tells what was which before, by whom, on which side', async () => {
  answering(exampleDeal());
  shown();

  const history = await screen.findByRole('list', { name: 'History of the deal' });

  const [entry] = within(history).getAllByRole('listitem');
  expect(entry).toHaveTextContent('Nurul Aisyah CRM');
  expect(entry).toHaveTextContent('Amount 1,280,000 → 1,310,000');
  expect(screen.getByText(/Created in the CRM.*by Marcus Tan/)).toBeVisible();
});

test('tells a save that changed nothing, and a deal that went without anybody being named', async () => {
  answering(exampleDeal(), {
    entries: [
      exampleEntry(1, { changes: [] }),
      exampleEntry(2, { kind: 'deleted', by: null, changes: [] }),
    ],
  });
  shown();

  const history = await screen.findByRole('list', { name: 'History of the deal' });

  const [saved, gone] = within(history).getAllByRole('listitem');
  expect(saved).toHaveTextContent('Saved without changing a field');
  expect(gone).toHaveTextContent(/^Gone from what the CRM shows us.*Deleted, or out of sight/);
});

test('tells edits of ours by where they stand, conflicts as events, and what was given up', async () => {
  const us = { side: 'local', by: { id: 'Priya Raghunathan', name: 'Priya Raghunathan' } };
  const [change] = exampleEntry(1).changes;
  if (change === undefined) throw new Error('the example has no change');
  answering(exampleDeal(), {
    entries: [
      exampleEntry(1, {
        ...us,
        kind: 'edited',
        changes: [{ ...change, state: 'error', error: 'record is locked' }],
      }),
      exampleEntry(2, { kind: 'conflict', side: null, by: null }),
      exampleEntry(3, { ...us, kind: 'edited', changes: [{ ...change, state: 'pending' }] }),
      exampleEntry(4, { ...us }),
      exampleEntry(5, { ...us, kind: 'dropped' }),
    ],
  });
  shown();

  const history = await screen.findByRole('list', { name: 'History of the deal' });
  const told = [...history.children].map((entry) => entry.textContent);

  expect(told).toEqual([
    expect.stringMatching(
      /^Priya Raghunathan Local, refused by the CRM.*1,280,000 → 1,310,000record is locked$/,
    ),
    expect.stringMatching(
      /^Conflict found on both sides.*Amount was changed on both sides\. Look$/,
    ),
    expect.stringMatching(/^Priya Raghunathan Local, on its way to the CRM.*→ 1,310,000$/),
    expect.stringMatching(/^Priya Raghunathan Local(?!,).*Amount 1,280,000 → 1,310,000$/),
    // What was wanted goes, what was agreed stays.
    expect.stringMatching(/^Priya Raghunathan Local, gave up.*Amount 1,310,000 → 1,280,000$/),
  ]);
  expect(within(history).getByRole('link', { name: 'Look' })).toHaveAttribute(
    'href',
    `/sync-status?tab=conflicts&record=${ID}`,
  );
});

test('reads earlier parts from where the last one ended', async () => {
  answering(exampleDeal());
  const asked: (string | null)[] = [];
  server.use(
    http.get('/api/deals/{deal_id}/timeline', ({ query, response }) => {
      const before = query.get('before');
      asked.push(before);
      return response(200).json({
        items: [exampleEntry(before === null ? 2 : 1)],
        before: before === null ? 'a-place' : null,
        has_more: before === null,
        created_at: null,
        created_by: null,
      });
    }),
  );
  const { user } = shown();

  await user.click(await screen.findByRole('button', { name: 'Show earlier' }));

  await waitFor(() => {
    expect(screen.queryByRole('button', { name: 'Show earlier' })).not.toBeInTheDocument();
  });
  expect(asked).toEqual([null, 'a-place']);
  const history = screen.getByRole('list', { name: 'History of the deal' });
  expect(within(history).getAllByText('Nurul Aisyah')).toHaveLength(2);
});

test('asks for changes alone, or for what the mirror did', async () => {
  answering(exampleDeal());
  const kinds: (string | null)[] = [];
  server.use(
    http.get('/api/deals/{deal_id}/timeline', ({ query, response }) => {
      kinds.push(query.get('kind'));
      return response(200).json({
        items: [],
        before: null,
        has_more: false,
        created_at: null,
        created_by: null,
      });
    }),
  );
  const { user } = shown();

  await user.click(await screen.findByRole('radio', { name: 'Sync' }));

  await waitFor(() => {
    expect(kinds).toEqual(['all', 'sync']);
  });
});

test('reports what a forced sync really did', async () => {
  answering(exampleDeal());
  server.use(
    http.post('/api/records/{record_id}/sync', ({ response }) =>
      response(200).json({
        message: 'The mirror took over what changed in the CRM.',
        direction: 'from_crm',
        sync_result: {
          action_taken: 'updated',
          conflicts_detected: 0,
          changed_fields: ['Amount', 'Next_Step', 'Modified_By'],
          refused_fields: [],
        },
        timestamp: '2026-08-17T00:42:00Z',
      }),
    ),
  );
  const { user } = shown();

  await user.click(await screen.findByRole('button', { name: 'Force sync' }));
  await user.click(await screen.findByRole('menuitem', { name: /Read from the CRM now/ }));

  expect(await screen.findByText('Read from the CRM. Changed: Amount and Next Step')).toBeVisible();
});

test('tells why a forced sync failed', async () => {
  answering(exampleDeal());
  server.use(
    http.post('/api/records/{record_id}/sync', ({ response }) =>
      response(503).json(problem(503, 'crm_unavailable', 'The CRM does not answer.', 'Try again.')),
    ),
  );
  const { user } = shown();

  await user.click(await screen.findByRole('button', { name: 'Force sync' }));
  await user.click(await screen.findByRole('menuitem', { name: /Read from the CRM now/ }));

  expect(await screen.findByText('The CRM does not answer. Try again.')).toBeVisible();
});

test('offers a viewer nothing that writes', async () => {
  answering(exampleDeal());
  const { user } = shown('viewer');

  await screen.findByRole('heading', { name: 'Claims platform renewal' });

  for (const name of ['Force sync', 'Edit']) {
    const button = screen.getByRole('button', { name });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await user.hover(button);
    expect(
      await screen.findByText(
        'You can read this, not change it. Editors: Priya Raghunathan, Marcus Tan.',
      ),
    ).toBeVisible();
    await user.unhover(button);
  }
  expect(screen.queryByRole('button', { name: /^Edit \w/ })).not.toBeInTheDocument();
});

test('goes to the neighbours of the list by button and by key', async () => {
  answering(exampleDeal());
  const { user, address } = shown();

  await user.click(await screen.findByRole('button', { name: 'Next deal of the list' }));
  expect(address()).toBe('/deals/3');
  expect(await screen.findByText('2 of 4,812')).toBeVisible();

  window.addEventListener('keydown', onKeyDown);
  await user.keyboard('[[');
  window.removeEventListener('keydown', onKeyDown);
  expect(address()).toBe('/deals/1');
});

test('says of a deleted deal when and by whom, and that its history stays', async () => {
  const deal = exampleDeal();
  answering({
    ...deal,
    sync: {
      ...deal.sync,
      presence: 'deleted',
      gone_at: '2026-08-14T09:20:00Z',
      gone_by: { id: '1', name: 'Nurul Aisyah' },
    },
  });
  shown();

  expect(await screen.findByText(/This deal was deleted in the CRM on/)).toHaveTextContent(
    /by Nurul Aisyah\. Its history stays\./,
  );
  expect(screen.getByText('Deleted in CRM')).toBeVisible();
});

test('says why a deal is out of our sight', async () => {
  const deal = exampleDeal();
  answering({
    ...deal,
    sync: {
      ...deal.sync,
      presence: 'invisible',
      status: 'error',
      reason: 'The connected user may not see it.',
    },
  });
  shown();

  expect(await screen.findByRole('alert')).toHaveTextContent(
    'The CRM no longer shows this deal to us. The connected user may not see it.',
  );
});

test('marks an amount without a rate and leaves it unconverted', async () => {
  const deal = exampleDeal();
  answering({
    ...deal,
    value: {
      ...deal.value,
      currency: 'LKR',
      base_amount: null,
      weighted: null,
      rate: null,
      rate_source: null,
      rate_since: null,
      is_rate_missing: true,
    },
  });
  shown();

  expect(await screen.findByText('LKR has no rate to SGD, so it is in no total')).toBeVisible();
});

test('offers to look an unknown deal up in the CRM', async () => {
  server.use(
    http.get('/api/deals/{deal_id}', ({ response }) =>
      response(404).json(problem(404, 'deal_not_found', 'There is no deal 17.')),
    ),
  );
  renderApp(<DealPage />, { at: '/deals/17', path: '/deals/:id', role: 'editor' });

  expect(await screen.findByRole('heading', { name: 'No such deal' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Look it up in the CRM' })).toBeVisible();
});

test('keeps its place when the server fails, and says what to do', async () => {
  server.use(
    http.get('/api/deals/{deal_id}', ({ response }) =>
      response(503).json(problem(503, 'database_unavailable', 'PostgreSQL cannot be reached.')),
    ),
  );
  shown();

  const failure = await screen.findByRole('alert');
  expect(failure).toHaveTextContent('The deal could not be read');
  expect(within(failure).getByRole('button', { name: 'Try now' })).toBeVisible();
});
