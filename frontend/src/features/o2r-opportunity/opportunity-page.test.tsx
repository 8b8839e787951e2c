import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import type { Opportunity } from './api/queries';
import OpportunityPage from './opportunity-page';
import { OPPORTUNITY } from './testing';

const PATH = '/o2r/opportunities/:id';
const AT = `/o2r/opportunities/${OPPORTUNITY.id}`;

function given(change: Partial<Opportunity> = {}): void {
  server.use(
    http.get('/api/o2r/opportunities/{deal_id}', ({ response }) =>
      response(200).json({ ...OPPORTUNITY, ...change }),
    ),
    http.get('/api/o2r/people', ({ response }) => response(200).json({ items: [] })),
  );
}

async function shown(change: Partial<Opportunity> = {}, role: 'viewer' | 'editor' = 'editor') {
  given(change);
  const app = renderApp(<OpportunityPage />, { at: AT, path: PATH, role });
  await screen.findByRole('heading', { level: 1, name: OPPORTUNITY.name ?? '' });
  return app;
}

const number = (label: string): HTMLElement => {
  const strip = screen.getByRole('list', { name: 'Key numbers' });
  const cell = within(strip)
    .getAllByRole('listitem')
    .find((each) => each.textContent.startsWith(label));
  if (cell === undefined) throw new Error(`no number ${label}`);
  return cell;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-08-17T00:42:00Z') });
});

describe('the page of an opportunity', () => {
  it('says in five numbers where it is and when money comes', async () => {
    await shown();
    expect(number('Value')).toHaveTextContent('S$1,806,000PO Jun 30, 2026');
    expect(number('Phase')).toHaveTextContent('IIIExecution48 days, median 96');
    expect(number('Next milestone')).toHaveTextContent(
      'Customer sign-offexpected Sep 25, 11 d late',
    );
    expect(number('Revenue expected')).toHaveTextContent('Oct 27 2026plan Oct 16');
    expect(number('Health score')).toHaveTextContent('68of 100blocked, severity 4');
  });

  it('tells the conclusion of its chart, and shows the same dates as a table', async () => {
    const { user } = await shown();
    const chart = screen.getByRole('figure');
    expect(chart).toHaveAccessibleName(
      'Milestones. Phase III, Execution. 3 of 7 milestones reached, 1 over 5 days late. ' +
        'Next: Customer sign-off, expected Sep 25, 11 d late.',
    );
    const execution = screen.getByRole('group', { name: 'Phase III, Execution' });
    expect(execution).toHaveTextContent('48 days so far');
    expect(screen.getByRole('img', { name: 'On its way to the CRM' })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Show as table' }));
    const table = within(screen.getByRole('table', { name: 'Milestones' }));
    expect(table.getByRole('row', { name: /PO received/ })).toHaveTextContent(
      'IIPO receivedJun 15, 2026Jun 30, 2026–+15',
    );
  });

  it('offers viewers nothing to press that writes', async () => {
    await shown({}, 'viewer');
    for (const name of ['Comment', 'Blocker', 'Set milestone', 'Add', /^Resolve/, 'Qualified']) {
      expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
    }
    expect(screen.getByRole('checkbox')).toBeDisabled();
    expect(screen.getByText('Strategic')).toBeInTheDocument();
  });

  it('says when there are no signals, actions and comments', async () => {
    await shown({
      health: { status: 'green', score: 100, severity: 0, signals: [] },
      blockers: [],
      actions: [],
      comments: [],
      next_milestone: null,
    });
    expect(screen.getByText('No signals. Nothing needs you here.')).toBeInTheDocument();
    expect(screen.getByText('Nothing is to be done.')).toBeInTheDocument();
    expect(screen.getByText('Nobody has commented yet.')).toBeInTheDocument();
    expect(number('Next milestone')).toHaveTextContent('nothing is to come');
  });

  it('does not judge deals that ended', async () => {
    await shown({
      ended: 'lost',
      health: { status: 'green', score: 100, severity: 0, signals: [] },
      blockers: [],
      next_milestone: null,
    });
    expect(screen.getByText('Lost')).toBeInTheDocument();
    expect(number('Health score')).toHaveTextContent('not judged any more');
  });

  it('sets a milestone by Ctrl+Enter, and takes it back by what it was', async () => {
    const sent: unknown[] = [];
    const { user } = await shown();
    server.use(
      http.put(
        '/api/o2r/opportunities/{deal_id}/milestones/{milestone}',
        async ({ request, params, response }) => {
          sent.push([params.milestone, await request.json()]);
          return response(200).json({
            id: OPPORTUNITY.id,
            milestone: 'kick_off',
            before: { planned_on: null, actual_on: '2026-07-13' },
            after: { planned_on: '2026-07-06', actual_on: '2026-07-14' },
            is_in_crm: true,
            status: 'pending',
          });
        },
      ),
    );
    await user.click(screen.getByRole('button', { name: /^Kick-off/ }));
    const form = within(await screen.findByRole('dialog', { name: 'Set a milestone' }));
    expect(form.getByText('Goes to the CRM, into the field Kick off Date.')).toBeInTheDocument();
    await user.type(form.getByLabelText('Planned'), '2026-07-06');
    await user.clear(form.getByLabelText('Reached'));
    await user.type(form.getByLabelText('Reached'), '2026-07-14');
    await user.keyboard('{Control>}{Enter}{/Control}');
    const toast = await screen.findByText(/Kick-off set, waiting for the CRM/);
    await user.click(within(toast).getByRole('button', { name: 'Undo' }));
    await waitFor(() => {
      expect(sent).toEqual([
        ['kick_off', { planned_on: '2026-07-06', actual_on: '2026-07-14' }],
        ['kick_off', { planned_on: null, actual_on: '2026-07-13' }],
      ]);
    });
  });

  it('does not send what is no day, and says how to write one', async () => {
    const { user } = await shown();
    await user.click(screen.getByRole('button', { name: 'Set milestone' }));
    const form = within(await screen.findByRole('dialog', { name: 'Set a milestone' }));
    await user.clear(form.getByLabelText('Planned'));
    await user.type(form.getByLabelText('Planned'), 'soon');
    await user.click(form.getByRole('button', { name: 'Set milestone' }));
    expect(form.getByText('This is no day. Write it as 14 Aug 2026.')).toBeInTheDocument();
  });

  it('cannot set what no field of the CRM keeps, and says who mends it', async () => {
    const { user } = await shown();
    await user.click(screen.getByRole('button', { name: 'Invoice' }));
    const form = within(await screen.findByRole('dialog', { name: 'Set a milestone' }));
    expect(form.getByLabelText('Reached')).toBeDisabled();
    expect(form.getByText(/is not mapped. An admin maps it/)).toBeInTheDocument();
  });

  it('checks an action item off in place', async () => {
    const sent: unknown[] = [];
    const { user } = await shown();
    server.use(
      http.patch('/api/o2r/actions/{action_id}', async ({ request, params, response }) => {
        sent.push([params.action_id, await request.json()]);
        const [action] = OPPORTUNITY.actions;
        if (action === undefined) throw new Error('the example has one');
        return response(200).json(action);
      }),
    );
    await user.click(screen.getByRole('checkbox', { name: 'Send penetration test report' }));
    await waitFor(() => {
      expect(sent).toEqual([['12', { is_done: true }]]);
    });
  });

  it('keeps what was typed when the server refuses it', async () => {
    const { user } = await shown();
    server.use(
      http.post('/api/o2r/opportunities/{deal_id}/comments', ({ response }) =>
        response.untyped(
          new Response(
            JSON.stringify({
              type: 'urn:pulse:problem:database_busy',
              title: 'Database busy',
              status: 503,
              code: 'database_busy',
              detail: 'All database connections of this process are busy.',
            }),
            { status: 503, headers: { 'content-type': 'application/problem+json' } },
          ),
        ),
      ),
    );
    await user.click(screen.getByRole('button', { name: 'Comment' }));
    const form = within(await screen.findByRole('dialog', { name: 'Comment on the deal' }));
    await user.type(form.getByLabelText(/Comment/), 'Call them');
    await user.click(form.getByRole('button', { name: 'Add comment' }));
    expect(await form.findByRole('alert')).toHaveTextContent('All database connections');
    expect(form.getByLabelText(/Comment/)).toHaveValue('Call them');
  });

  it('says that an id is unknown', async () => {
    server.use(
      http.get('/api/o2r/opportunities/{deal_id}', ({ response }) =>
        response.untyped(
          new Response(
            JSON.stringify({ status: 404, code: 'deal_not_found', detail: 'There is no deal 1.' }),
            { status: 404, headers: { 'content-type': 'application/problem+json' } },
          ),
        ),
      ),
    );
    renderApp(<OpportunityPage />, { at: '/o2r/opportunities/1', path: PATH });
    expect(await screen.findByText(/There is no deal 1 in the mirror/)).toBeInTheDocument();
  });
});
