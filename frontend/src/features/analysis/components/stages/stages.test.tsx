import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { asked, BASIS, serve } from '../../testing';
import { STAGES } from './example-stages';
import { Stages } from './stages';

const open = () =>
  renderApp(<Stages params={new URLSearchParams('country=India&outcome=open')} />, {
    at: '/analysis',
  });

beforeEach(() => {
  serve();
});

it('tells conversion and time of each open stage, with what is unfinished', async () => {
  open();

  expect(
    await screen.findByRole('figure', {
      name: 'Stages: fewest deals go on from Proposal, 72% of those that left. Deals stay longest in Proposal, 17 d in the middle.',
    }),
  ).toBeVisible();
  expect(asked.get('stages')?.toString()).toBe('country=India&outcome=open');
  const [proposal, negotiation] = screen.getAllByRole('listitem');
  expect(proposal).toHaveTextContent('72%44%17 d43 of 212 still there');
  expect(negotiation).toHaveTextContent('––not reached3 of 3 still there');
  expect(screen.queryByText('Won')).toBeNull();
  expect(screen.getByText(/whatever their closing date, probability and outcome/)).toBeVisible();
  expect(
    screen.getByText(
      /^273 stays: 190 told by the CRM’s own history, 83 observed since, 2 more left out/,
    ),
  ).toBeVisible();
});

it('says what the pipeline earns a day, and opens the open deals it is made of', async () => {
  open();

  expect(await screen.findByText('S$ 236,542 a day')).toBeVisible();
  expect(screen.getByRole('link', { name: '214 open deals' })).toHaveAttribute(
    'href',
    '/deals?country=India&outcome=open',
  );
});

it('shows every figure of every stage as a table', async () => {
  const { user } = open();

  await user.click(await screen.findByRole('button', { name: 'Show as table' }));

  const rows = within(screen.getByRole('table', { name: 'Stages' })).getAllByRole('row');
  expect(rows.map(({ textContent }) => textContent).slice(1)).toEqual([
    'Proposal212118443600' + '41' + '72.2%44.2%17 d≥ 25 d190',
    'Negotiation3003000' + '0' + '––not reached≥ 4.0 d0',
    'Won580058000' + '0' + '––not reached–0',
  ]);
});

it('opens the deals behind a part of a bar', async () => {
  const wanted: string[] = [];
  server.use(
    http.get('/api/analysis/stages/deals', ({ request, response }) => {
      wanted.push(new URL(request.url).searchParams.toString());
      return response(200).json({
        count: 1,
        items: [
          {
            id: '7',
            name: 'Claims platform renewal',
            account: 'Meridian General',
            owner: 'Marcus Tan',
            value: 1_350_000,
            entered_at: '2026-07-25T00:42:00Z',
            left_at: '2026-08-10T00:42:00Z',
            next_stage: 'Closed lost',
            is_imported: true,
          },
        ],
        limit: 50,
        offset: 0,
        has_more: false,
      });
    }),
  );
  const { user } = open();

  await user.click(await screen.findByRole('button', { name: 'Proposal: 41 lost' }));

  const drawer = await screen.findByRole('dialog', { name: 'Proposal: lost' });
  expect(
    await within(drawer).findByText(/^16 d since .*, then Closed lost \(told by the CRM\)$/),
  ).toBeVisible();
  await waitFor(() => {
    expect(wanted).toEqual([
      'country=India&outcome=open&in_stage=Proposal&became=lost&limit=50&offset=0',
    ]);
  });
});

it.each([
  [{ state: 'running', rows_read: 400 }, /is being read: 400 of 1,824 rows/],
  [
    { state: 'unavailable', error_message: 'No permission.', error_fix: 'Ask the administrator.' },
    /could not be read: No permission\. Ask the administrator\./,
  ],
] as const)('says how the import stands while it is not whole: %j', async (change, words) => {
  const history = STAGES.history;
  if (history === null) throw new Error('the example has an import');
  server.use(
    http.get('/api/analysis/stages', ({ response }) =>
      response(200).json({ basis: BASIS, ...STAGES, history: { ...history, ...change } }),
    ),
  );
  open();

  expect(await screen.findByText(words)).toBeVisible();
});
