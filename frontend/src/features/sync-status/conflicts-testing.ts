/** Records in conflict as the API tells them, for the tests of the tab Conflicts. */
import type { Schema } from '@/lib/api';
import { http, server } from '@/testing/server';
import { aHealthyDay, HEALTH, problem } from './testing';

type Conflict = Schema['Conflict'];

const AMOUNT: Schema['ConflictField'] = {
  field: 'Amount',
  label: 'Amount',
  data_type: 'currency',
  is_custom: false,
  base: { kind: 'money', amount: '1280000', currency: 'SGD' },
  is_base_known: true,
  agreed_at: '2026-08-14T09:20:00Z',
  local_value: { kind: 'money', amount: '1350000', currency: 'SGD' },
  local_modified_at: '2026-08-17T00:29:00Z',
  local_modified_by: 'Marcus Tan',
  crm_value: { kind: 'money', amount: '1310000', currency: 'SGD' },
  crm_modified_at: '2026-08-17T00:30:00Z',
  crm_modified_by: 'Nurul Aisyah',
  since: '2026-08-17T00:30:00Z',
  is_skipped: false,
  awaits_timeline: false,
  error_code: null,
  error_message: null,
};

export const CLAIMS: Conflict = {
  id: '5725767000001482019',
  zoho_record_id: '5725767000001482019',
  record_name: 'Claims platform renewal',
  account: { id: '5725767000000871002', name: 'Meridian General' },
  owner: { id: '5725767000000310001', name: 'Marcus Tan' },
  stage: 'Negotiation',
  value: '1350000.00',
  currency: 'SGD',
  is_record_gone: false,
  gone_at: null,
  since: '2026-08-17T00:30:00Z',
  is_skipped: false,
  version: 'seen-1',
  fields: [
    AMOUNT,
    {
      ...AMOUNT,
      field: 'Decision_Date',
      label: 'Decision date',
      data_type: 'date',
      is_custom: true,
      base: { kind: 'date', date: '2026-08-21' },
      local_value: { kind: 'date', date: '2026-09-11' },
      crm_value: { kind: 'date', date: '2026-08-28' },
    },
  ],
  merged: [
    {
      field: 'Stage',
      label: 'Stage',
      value: { kind: 'choice', choice: { value: 'Negotiation', label: 'Negotiation' } },
      side: 'crm',
      at: '2026-08-17T00:30:00Z',
    },
  ],
};

export const MILL: Conflict = {
  ...CLAIMS,
  id: '5725767000001482020',
  zoho_record_id: '5725767000001482020',
  record_name: 'Mill safety programme',
  account: { id: '5725767000000871003', name: 'Kelana Foods' },
  is_record_gone: true,
  gone_at: '2026-08-16T21:42:00Z',
  since: '2026-08-16T21:42:00Z',
  version: 'seen-2',
  fields: [{ ...AMOUNT, crm_value: null }],
  merged: [],
};

/** A day with these conflicts and some that were skipped; `beside` is one in no part of the queue. */
export function conflictsAre(
  items: Conflict[],
  { skipped = 0, beside }: { skipped?: number; beside?: Conflict } = {},
): void {
  const records = HEALTH.record_status;
  const conflict_count = items.length + skipped;
  const synced_count = records.synced_count + records.conflict_count - conflict_count;
  aHealthyDay(
    { ...HEALTH, record_status: { ...records, conflict_count, synced_count } },
    { skipped },
  );
  server.use(
    http.get('/api/sync-status/conflicts', ({ response }) =>
      response(200).json({
        count: items.length,
        field_count: items.reduce((sum, { fields }) => sum + fields.length, 0),
        skipped_count: skipped,
        items,
        limit: 50,
        offset: 0,
        has_more: false,
      }),
    ),
    http.get('/api/sync-status/conflicts/{conflict_id}', ({ response }) =>
      beside
        ? response(200).json(beside)
        : response(404).json(problem(404, 'conflict_not_found', 'It is not in conflict.')),
    ),
  );
}

/** Settles whatever is sent, and returns it; an undo may be refused. */
export function resolutions(refused: { undo?: string } = {}): unknown[] {
  const sent: unknown[] = [];
  server.use(
    http.post('/api/sync-status/conflicts/{conflict_id}/undo', ({ params, response }) => {
      if (refused.undo !== undefined) {
        return response(409).json(problem(409, 'edited_since', refused.undo));
      }
      sent.push({ id: params.conflict_id, undo: true });
      return response(200).json({
        message: 'It clashes again.',
        conflict_id: params.conflict_id,
        new_status: 'conflict',
        resolved_at: '2026-08-17T00:42:00Z',
      });
    }),
    http.post(
      '/api/sync-status/conflicts/{conflict_id}/resolve',
      async ({ params, request, response }) => {
        sent.push({ id: params.conflict_id, ...(await request.json()) });
        return response(200).json({
          message: 'It is done.',
          conflict_id: params.conflict_id,
          new_status: 'pending',
          resolved_at: '2026-08-17T00:42:00Z',
        });
      },
    ),
    http.post('/api/sync-status/conflicts/resolve-all', async ({ request, response }) => {
      sent.push(await request.json());
      return response(200).json({
        message: '2 conflicts were resolved.',
        resolved: 2,
        failed: 0,
        remaining: 0,
        results: [],
        resolved_at: '2026-08-17T00:42:00Z',
      });
    }),
  );
  return sent;
}

/** Refuses every decision. */
export function refusesWith(detail: string): void {
  server.use(
    http.post('/api/sync-status/conflicts/{conflict_id}/resolve', ({ response }) =>
      response(409).json(problem(409, 'conflict_moved_on', detail)),
    ),
  );
}

const PARTNER: Schema['ReferenceValue'] = {
  kind: 'reference',
  module: 'Accounts',
  record: { id: '5725767000000871002', name: 'Meridian General' },
};

/** A record whose partner, an account, was changed on both sides. */
export const PARTNERS: Conflict = {
  ...CLAIMS,
  fields: [
    {
      ...AMOUNT,
      field: 'Partner',
      label: 'Partner',
      data_type: 'lookup',
      is_custom: true,
      base: null,
      local_value: PARTNER,
      crm_value: null,
    },
  ],
};

const FOUND = ['Meridian General', 'Orchid Systems', 'Orion Freight'].map((label, place) => ({
  value: `572576700000087100${place + 2}`,
  label,
  detail: null,
}));

/** Lets the partner be typed, and accounts be found by their first letters. */
export function partnersAreFound(): void {
  server.use(
    http.get('/api/deals/{deal_id}/form', ({ response }) =>
      response(200).json({
        id: CLAIMS.id,
        name: 'Claims platform renewal',
        status: 'conflict',
        read_only_reason: null,
        fields: [
          {
            api_name: 'Partner',
            canonical_name: null,
            label: 'Partner',
            group: 'custom',
            data_type: 'lookup',
            input: 'reference',
            options: [],
            is_mandatory: false,
            max_length: null,
            decimals: null,
            currency: null,
            has_lookup: true,
            read_only_reason: null,
            value: PARTNER.record.id,
            shown: PARTNER,
            change: null,
          },
        ],
      }),
    ),
    http.get('/api/deals/lookups/{field}', ({ query, response }) => {
      const typed = query.get('q') ?? '';
      return response(200).json({
        items: FOUND.filter(({ label }) => label.toLowerCase().startsWith(typed)),
        has_more: false,
      });
    }),
  );
}
