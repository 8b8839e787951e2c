import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Schema } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { http, server } from '@/testing/server';
import DealsPage from './deals-page';
import { COLUMNS, row, serve, withTable } from './testing';

withTable();

type FormField = Schema['FormField'];
type Mark = Schema['FieldMark'];

const DEAL = row(1, { name: 'Metro signalling', closing_date: '2026-09-24' });

const MARK: Mark = {
  state: 'pending',
  local: { kind: 'date', date: '2026-09-30' },
  base: { kind: 'date', date: '2026-09-24' },
  is_base_known: true,
  crm: null,
  by: 'Marcus Tan',
  is_mine: false,
  at: new Date(Date.now() - 3 * 60_000).toISOString(),
  crm_by: null,
  crm_at: null,
  is_on_its_way: false,
  is_record_gone: false,
  is_skipped: false,
  can_be_dropped: true,
  error_code: null,
  error: null,
};

const CLOSING: FormField = {
  api_name: 'Closing_Date',
  canonical_name: 'Closing_Date',
  label: 'Closing date',
  group: 'deal',
  data_type: 'date',
  input: 'date',
  options: [],
  is_mandatory: false,
  max_length: null,
  decimals: null,
  currency: null,
  has_lookup: false,
  read_only_reason: null,
  value: '2026-09-24',
  shown: { kind: 'date', date: '2026-09-24' },
  change: null,
};

const STAGE: FormField = {
  ...CLOSING,
  api_name: 'Stage',
  canonical_name: 'Stage',
  label: 'Stage',
  data_type: 'picklist',
  input: 'choice',
  options: [
    { value: 'Propose', label: 'Proposal' },
    { value: 'Negotiate', label: 'Negotiation' },
  ],
  is_mandatory: true,
  value: 'Propose',
  shown: { kind: 'choice', choice: { value: 'Propose', label: 'Proposal' } },
};

const API_NAMES: Record<string, string> = { closing_date: 'Closing_Date', stage: 'Stage' };
const EDITABLE: Schema['ColumnList'] = {
  ...COLUMNS,
  columns: COLUMNS.columns.map((column) => {
    const name = API_NAMES[column.key];
    return name === undefined
      ? { ...column, api_name: null, read_only_reason: 'We compute it from other fields.' }
      : { ...column, api_name: name, read_only_reason: null };
  }),
};

/** Serves a deal that can be edited, and returns what was sent. */
function serveEditable(deal = DEAL, field: FormField = CLOSING) {
  const sent: Record<string, unknown>[] = [];
  const held = { deal };
  serve();
  server.use(
    http.get('/api/deals/columns', ({ response }) => response(200).json(EDITABLE)),
    http.get('/api/deals', ({ response }) =>
      response(200).json({ items: [held.deal], limit: 100, offset: 0, has_more: false }),
    ),
    http.get('/api/deals/{deal_id}/form', ({ response }) =>
      response(200).json({
        id: deal.id,
        name: deal.name,
        status: 'synced',
        read_only_reason: null,
        fields: [field],
      }),
    ),
    http.patch('/api/deals/{deal_id}', async ({ request, response }) => {
      const { fields } = (await request.json()) as { fields: Record<string, string> };
      sent.push(fields);
      const names = Object.keys(fields);
      const closing = fields['Closing_Date'];
      if (closing !== undefined) held.deal = { ...held.deal, closing_date: closing };
      return response(200).json({
        id: deal.id,
        changed: names,
        cancelled: [],
        unchanged: [],
        status: 'pending',
        before: { [field.api_name]: field.value },
        fields: [],
      });
    }),
  );
  return sent;
}

/** Columns that the server does not give are gone once it has answered; only then cells can be edited. */
const columnsAreThere = (): Promise<void> =>
  waitFor(() => {
    expect(screen.queryByRole('columnheader', { name: 'Country' })).toBeNull();
  });

const cellOf = async (key: string): Promise<HTMLElement> => {
  await columnsAreThere();
  const link = await screen.findByRole('link', { name: 'Metro signalling' });
  const cell = link.closest('[role=row]')?.querySelector<HTMLElement>(`[data-column="${key}"]`);
  if (!cell) throw new Error(`no cell ${key}`);
  return cell;
};

it('tells the most urgent mark of a deal on a phone, and how many fields have one', async () => {
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('max-width'),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }));
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  serveEditable(
    row(1, {
      name: 'Metro signalling',
      state: 'conflict',
      marks: {
        closing_date: MARK,
        stage: {
          ...MARK,
          state: 'conflict',
          is_mine: true,
          crm: { kind: 'text', text: 'Negotiation' },
        },
      },
    }),
  );
  renderApp(<DealsPage />, { at: '/deals' });

  const link = await screen.findByRole('link', { name: /Metro signalling/ });
  expect(link).toHaveAttribute('data-mark', 'conflict');
  expect(link).toHaveTextContent('2 fields. Conflict: CRM Negotiation');
});

it('marks cells that are not agreed, and says the other value, who and when', async () => {
  serveEditable(
    row(1, {
      name: 'Metro signalling',
      state: 'conflict',
      marks: {
        closing_date: MARK,
        stage: {
          ...MARK,
          state: 'conflict',
          is_mine: true,
          base: { kind: 'text', text: 'Qualification' },
          crm: { kind: 'text', text: 'Negotiation' },
        },
        value: { ...MARK, state: 'error', error: 'invalid data' },
      },
    }),
  );
  renderApp(<DealsPage />, { at: '/deals' });

  const closing = await cellOf('closing_date');
  expect(closing).toHaveAttribute('data-mark', 'pending');
  expect(closing.title).toMatch(/^Pending: was Sep 24, by Marcus Tan \d min$/);
  expect((await cellOf('stage')).title).toMatch(
    /^Conflict: CRM Negotiation, was Qualification, by you \d min$/,
  );
  expect((await cellOf('value')).title).toContain('Error: invalid data,');
  expect(await cellOf('name')).not.toHaveAttribute('data-mark');
});

it('edits a cell by double click, shows the value at once and undoes it', async () => {
  const sent = serveEditable();
  const { user } = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await user.dblClick(await cellOf('closing_date'));
  const input = await screen.findByRole('textbox', { name: 'Closing date' });
  expect(input).toHaveFocus();
  await user.clear(input);
  await user.type(input, '30 Sep 2026{Enter}');

  expect(sent).toEqual([{ Closing_Date: '2026-09-30' }]);
  expect(await screen.findByText('Closing date saved, waiting for the CRM.')).toBeVisible();
  expect(within(await cellOf('closing_date')).getByText('Sep 30')).toBeVisible();

  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => {
    expect(sent[1]).toEqual({ Closing_Date: '2026-09-24' });
  });
});

it('edits the cell that keys have reached, and undoes with Ctrl+Z', async () => {
  const sent = serveEditable(DEAL, STAGE);
  const { user } = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await cellOf('stage');

  await user.keyboard('j{ArrowRight}{ArrowRight}{ArrowRight}');
  expect(await cellOf('stage')).toHaveFocus();
  await user.keyboard('e');
  await user.click(await screen.findByRole('option', { name: 'Negotiation' }));
  expect(sent).toEqual([{ Stage: 'Negotiate' }]);
  expect(await screen.findByText('Stage saved, waiting for the CRM.')).toBeVisible();
  expect(await cellOf('stage')).toHaveFocus();

  await user.keyboard('{Control>}z{/Control}');
  await waitFor(() => {
    expect(sent[1]).toEqual({ Stage: 'Propose' });
  });
});

it('keeps what was typed when the server refuses it, and says why', async () => {
  serveEditable();
  server.use(
    http.patch('/api/deals/{deal_id}', ({ response }) =>
      response.untyped(
        Response.json(
          {
            type: 'urn:pulse:problem:invalid_fields',
            title: 'Invalid input',
            status: 400,
            detail: 'Closing date takes a date.',
            code: 'invalid_fields',
            errors: [
              {
                field: 'Closing_Date',
                message: 'Closing date takes a date.',
                fix: 'Send year, month and day, as 2026-08-14.',
              },
            ],
          },
          { status: 400, headers: { 'content-type': 'application/problem+json' } },
        ),
      ),
    ),
  );
  const { user } = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await user.dblClick(await cellOf('closing_date'));
  const input = await screen.findByRole('textbox', { name: 'Closing date' });
  await user.clear(input);
  await user.type(input, 'soon{Enter}');

  expect(
    await screen.findByText('Closing date takes a date. Send year, month and day, as 2026-08-14.'),
  ).toBeVisible();
  expect(screen.getByRole('textbox', { name: 'Closing date' })).toHaveValue('soon');
  expect(within(await cellOf('closing_date')).getByText('Sep 24')).toBeVisible();

  await user.keyboard('{Escape}');
  await waitFor(() => {
    expect(screen.queryByRole('textbox', { name: 'Closing date' })).toBeNull();
  });
});

it('sends nothing when a cell is left as it was', async () => {
  const sent = serveEditable();
  const { user } = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await user.dblClick(await cellOf('closing_date'));
  await screen.findByRole('textbox', { name: 'Closing date' });
  await user.keyboard('{Enter}');
  await waitFor(() => {
    expect(screen.queryByRole('textbox', { name: 'Closing date' })).toBeNull();
  });
  expect(sent).toEqual([]);
});

it('lets nobody edit what is computed, nor viewers anything', async () => {
  serveEditable();
  const editor = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await editor.user.dblClick(await cellOf('value'));
  expect(screen.queryByRole('dialog')).toBeNull();
  editor.unmount();

  const viewer = renderApp(<DealsPage />, { at: '/deals', role: 'viewer' });
  await viewer.user.dblClick(await cellOf('closing_date'));
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('writes one value into the selected deals, names those that it could not change, and undoes', async () => {
  serveEditable();
  const sent: unknown[] = [];
  const undone: string[] = [];
  const item = (state: 'done' | 'failed', name: string, message: string | null) => ({
    id: name,
    name,
    state,
    before: null,
    after: {},
    changes: [],
    code: null,
    message,
    field: null,
    sent_at: null,
    done_at: null,
  });
  const sessionId = '01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b99';
  server.use(
    http.post('/api/bulk/small-batch', async ({ request, response }) => {
      sent.push(await request.json());
      return response(200).json({
        message: '1 of 2 records updated.',
        session_id: sessionId,
        total_records: 2,
        successful_updates: 1,
        failed_updates: 1,
        unchanged: 0,
        left_alone: 0,
        not_written: 0,
        details: [
          item('done', 'Metro signalling', null),
          item('failed', 'Port gates', 'The record is locked.'),
        ],
      });
    }),
    http.post('/api/bulk/operation/{session_id}/undo', ({ params, response }) => {
      undone.push(params.session_id);
      return response.untyped(Response.json({}, { status: 202 }));
    }),
  );
  const { user } = renderApp(<DealsPage />, { at: '/deals', role: 'editor' });
  await cellOf('closing_date');
  await user.click(screen.getByRole('checkbox', { name: 'Select Metro signalling' }));
  await user.click(await screen.findByRole('button', { name: 'Edit field' }));

  await user.click(await screen.findByRole('combobox', { name: 'Field' }));
  await user.click(await screen.findByRole('option', { name: 'Closing date' }));
  await user.type(await screen.findByRole('textbox', { name: 'Closing date' }), '30 Sep 2026');
  await user.click(screen.getByRole('button', { name: 'Change Closing date in 1 deal' }));

  expect(await screen.findByRole('alert', { name: 'Not changed' })).toHaveTextContent(
    'Port gates The record is locked.',
  );
  expect(sent).toEqual([{ choose: { ids: [DEAL.id] }, fields: { Closing_Date: '2026-09-30' } }]);
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => {
    expect(undone).toEqual([sessionId]);
  });
});
