import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ExportLine } from '@/lib/queries/exports';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import { ExportMenu } from './export-menu';
import { forget } from './started';

const ID = '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11';

const line = (changes: Partial<ExportLine> = {}): ExportLine => ({
  id: ID,
  kind: 'deals',
  format: 'xlsx',
  query: 'outcome=open',
  subject: null,
  columns: null,
  words: 'Outcome: Open',
  state: 'waiting',
  by: 'Mei Tan',
  is_mine: true,
  rows_done: 0,
  rows_total: 4_812,
  seconds_left: null,
  created_at: '2026-08-17T00:42:11Z',
  started_at: null,
  finished_at: null,
  expires_at: '2026-08-18T00:42:11Z',
  file_name: null,
  size_bytes: null,
  error_code: null,
  error_message: null,
  ...changes,
});

const done = (changes: Partial<ExportLine> = {}): ExportLine =>
  line({
    state: 'completed',
    rows_done: 4_812,
    finished_at: '2026-08-17T00:42:13Z',
    file_name: 'pipeline-pulse-deals-2026-08-17-0842.xlsx',
    size_bytes: 612_340,
    ...changes,
  });

let asked: unknown[];
let saved: string[];
let lines: ExportLine[];

function serve(): void {
  server.use(
    http.post('/api/exports/preview', async ({ request, response }) => {
      const { kind } = await request.clone().json();
      return response(200).json({
        rows: 4_812,
        words: 'Outcome: Open',
        formats:
          kind === 'deals'
            ? [
                { format: 'csv', seconds: 0.3, is_too_large: false },
                { format: 'xlsx', seconds: 2.4, is_too_large: false },
                { format: 'zip', seconds: 0.3, is_too_large: true },
              ]
            : [{ format: 'pdf', seconds: 0.5, is_too_large: false }],
      });
    }),
    http.get('/api/exports', ({ response }) => response(200).json({ items: lines })),
    http.post('/api/exports', async ({ request, response }) => {
      asked.push(await request.clone().json());
      lines = [line(), ...lines.filter(({ id }) => id !== ID)];
      return response(202).json(line());
    }),
  );
}

beforeEach(() => {
  // What a test before asked for is not waited for in this one.
  forget(ID);
  asked = [];
  saved = [];
  lines = [];
  serve();
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.getAttribute('href') ?? '');
  });
});

const open = async (user: ReturnType<typeof renderApp>['user']) => {
  await user.click(screen.getByRole('button', { name: /^Export/ }));
  return screen.findByRole('dialog', { name: 'Export' });
};

it('says how many deals a file holds and about how long it takes, and asks for the shown columns', async () => {
  const { user } = renderApp(
    <ExportMenu kinds={['deals']} query="outcome=open&sort=-value" columns={['name', 'value']} />,
  );

  const menu = await open(user);
  expect(await within(menu).findByText('4,812 deals')).toBeVisible();
  expect(within(menu).getByRole('button', { name: 'CSV at once' })).toBeEnabled();
  expect(within(menu).getByRole('button', { name: /ZIP.* too many deals/ })).toBeDisabled();
  await user.click(within(menu).getByRole('button', { name: 'Excel about 2.4 s' }));

  expect(asked).toEqual([
    {
      kind: 'deals',
      format: 'xlsx',
      query: 'outcome=open&sort=-value',
      columns: ['name', 'value'],
      subject: null,
    },
  ]);
  await user.click(within(menu).getByRole('radio', { name: 'All fields, with rates' }));
  await user.click(await within(menu).findByRole('button', { name: 'CSV at once' }));
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatchObject({ format: 'csv', columns: null });
});

it('saves a file by itself as soon as it is ready, once', async () => {
  lines = [];
  const { user } = renderApp(<ExportMenu kinds={['deals']} query="" />);
  const menu = await open(user);
  server.use(
    http.post('/api/exports', ({ response }) => {
      lines = [done()];
      return response(202).json(line());
    }),
  );

  await user.click(await within(menu).findByRole('button', { name: /^Excel/ }));

  await waitFor(() => {
    expect(saved).toEqual([`/api/exports/${ID}/download`]);
  });
  expect(await screen.findByText('Excel of 4,812 deals saved, 598 kB.')).toBeVisible();
  expect(
    await within(menu).findByRole('link', {
      name: 'Download pipeline-pulse-deals-2026-08-17-0842.xlsx',
    }),
  ).toHaveAttribute('href', `/api/exports/${ID}/download`);
  expect(saved).toHaveLength(1);
});

it('tells how far a file is and stops it', async () => {
  lines = [line({ state: 'running', rows_done: 1_200, seconds_left: 3.2 })];
  let cancelled = '';
  server.use(
    http.post('/api/exports/{export_id}/cancel', ({ params, response }) => {
      cancelled = params.export_id;
      lines = [line({ state: 'cancelled', finished_at: '2026-08-17T00:42:13Z' })];
      return response(200).json(line({ state: 'cancelled' }));
    }),
  );
  const { user } = renderApp(<ExportMenu kinds={['deals']} query="" />);

  const menu = await open(user);
  expect(await within(menu).findByText('1,200 of 4,812 deals, 3.2 s left, about')).toBeVisible();
  expect(within(menu).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '24.9');
  await user.click(within(menu).getByRole('button', { name: 'Cancel' }));

  await waitFor(() => {
    expect(cancelled).toBe(ID);
  });
  expect(await within(menu).findByText(/^Cancelled/)).toBeVisible();
  expect(saved).toEqual([]);
});

it('says why a file could not be made and asks for it again', async () => {
  lines = [
    line({ state: 'failed', error_message: 'field: the CRM’s deals have no further field Seats.' }),
  ];
  const { user } = renderApp(<ExportMenu kinds={['analysis', 'deals']} query="" />);

  const menu = await open(user);
  expect(await within(menu).findByText(/^Failed\. field: the CRM’s deals/)).toBeVisible();
  expect(within(menu).getByRole('region', { name: 'This analysis' })).toBeVisible();
  await user.click(within(menu).getByRole('button', { name: 'Try again' }));

  await waitFor(() => {
    expect(asked).toEqual([
      { kind: 'deals', format: 'xlsx', query: 'outcome=open', subject: null, columns: null },
    ]);
  });
});

it('says what filters a file cannot have, in place of its formats', async () => {
  server.use(
    http.post('/api/exports/preview', ({ response }) =>
      response(400).json({
        type: 'urn:pulse:problem:invalid_filter',
        title: 'Invalid input',
        status: 400,
        detail: 'state: it is known of now only.',
        code: 'invalid_filter',
        fix: null,
        errors: null,
      }),
    ),
  );
  const { user } = renderApp(<ExportMenu kinds={['deals']} query="state=error" />);

  const menu = await open(user);
  expect(await within(menu).findByText(/it is known of now only/)).toBeVisible();
  expect(within(menu).queryByRole('button', { name: /Excel/ })).toBeNull();
});
