/** Answers that the page's tests start from. */
import type { Schema } from '@/lib/api';
import type { Connection, ConnectOptions } from './api/connection';
import type { CurrencyRate, CurrencyRates } from './api/currencies';
import type { OwnedField, OwnedFields } from './api/custom-fields';
import type { FieldLine, FieldMap } from './api/field-map';

const CENTRE = { slug: 'in', name: 'India', crm_host: 'crm.zoho.in', is_configured: true };

export const OPTIONS: ConnectOptions = {
  data_centres: [
    CENTRE,
    { slug: 'eu', name: 'Europe', crm_host: 'crm.zoho.eu', is_configured: false },
  ],
  data_centre: 'in',
  client_id: '1000.KNOWN',
  redirect_uri: 'https://pulse.halcyon.example/api/crm/callback',
  areas: [{ name: 'Bulk jobs', access: 'read', reason: 'to load fast with few credits' }],
  scopes: ['ZohoCRM.bulk.READ'],
};

export function connection(changes: Partial<Connection> = {}): Connection {
  return {
    state: 'connected',
    organisation: {
      id: '554023000000000001',
      company_name: 'Halcyon Systems Pte Ltd',
      edition: 'enterprise',
      users_licensed: 42,
      time_zone: 'Asia/Singapore',
      currency: 'SGD',
      credits_a_day: 92_000,
      concurrency: 20,
    },
    data_centre: CENTRE,
    api_domain: 'https://www.zohoapis.in',
    connected_at: '2026-03-02T09:00:00Z',
    connected_by: 'Daniel Koh',
    refused_at: null,
    refusal: null,
    access_token: {
      state: 'valid',
      expires_at: new Date(Date.now() + 41.5 * 60_000).toISOString(),
      minutes_left: 41,
    },
    has_refresh_token: true,
    last_renewal_at: '2026-03-02T09:30:00Z',
    last_checked_at: '2026-03-02T09:48:20Z',
    scopes_granted: ['ZohoCRM.modules.ALL'],
    scopes_missing: [],
    areas: [
      {
        name: 'Bulk jobs',
        read: 'granted',
        write: 'not_needed',
        checked_by: 'scope',
        missing_scopes: [],
      },
    ],
    confirm_with: 'Halcyon Systems Pte Ltd',
    pending_changes: 4,
    is_loaded: true,
    last_attempt: null,
    admins: ['Daniel Koh'],
    ...changes,
  };
}

export const UNCONNECTED: Partial<Connection> = {
  state: 'not_connected',
  organisation: null,
  data_centre: null,
  api_domain: null,
  connected_at: null,
  connected_by: null,
  has_refresh_token: false,
  confirm_with: null,
  is_loaded: false,
};

const COUNTRY: FieldLine = {
  canonical_name: 'Country',
  label: 'Country',
  kind: 'text',
  is_fixed: false,
  api_name: 'Country',
  data_type: 'picklist',
  is_chosen: false,
  state: 'matches',
  proposal: null,
  recent_change: null,
};

const IDENTITY: FieldLine = {
  ...COUNTRY,
  canonical_name: 'id',
  label: 'Record id',
  kind: 'record_id',
  is_fixed: true,
  api_name: 'id',
  data_type: 'bigint',
};

export const MISSING_FUNDING: FieldLine = {
  ...COUNTRY,
  canonical_name: 'Type_of_Funding',
  label: 'Funding',
  api_name: null,
  data_type: null,
  state: 'missing',
  proposal: { api_name: 'Funding_Source', reason: 'Its name has “funding”, too.' },
};

export function fieldMap(funding: Partial<FieldLine> = {}): FieldMap {
  const line = { ...MISSING_FUNDING, ...funding };
  const missing = line.api_name === null ? ['Type_of_Funding'] : [];
  const custom = { data_type: 'picklist', is_custom: true };
  return {
    fields: [IDENTITY, COUNTRY, line],
    missing,
    is_complete: missing.length === 0,
    candidates: {
      text: [
        { api_name: 'Country', label: 'Country', ...custom },
        { api_name: 'Funding_Source', label: 'Funding Source', ...custom },
        { api_name: 'Next_Step', label: 'Next Step', data_type: 'text', is_custom: false },
      ],
    },
    unmapped_custom_fields: 31,
    read_at: '2026-03-02T08:00:00Z',
  };
}

export const CHOSEN_FUNDING: Partial<FieldLine> = {
  api_name: 'Funding_Source',
  data_type: 'picklist',
  is_chosen: true,
  state: 'chosen',
  proposal: null,
};

/** A refusal of the server. */
export function problem(
  status: number,
  code: string,
  detail: string,
  more: { fix?: string; field?: string } = {},
): Schema['Problem'] {
  const type = `urn:pulse:problem:${code}`;
  return { type, title: code, status, code, detail, fix: null, errors: null, ...more };
}

/** Our own fields: three are in the CRM, the status is not. */
export function ownedFields(changes: Partial<OwnedFields> = {}): OwnedFields {
  const field = (
    role: OwnedField['role'],
    label: string,
    data_type: string,
    more: Partial<OwnedField> = {},
  ): OwnedField => ({
    role,
    label,
    data_type,
    tells: `What ${label} tells.`,
    is_written: role === 'last_sync' || role === 'sync_status',
    options: [],
    fault: null,
    field_id: `55402300000090200${label.length}`,
    api_name: label.replaceAll(' ', '_'),
    crm_label: label,
    message: null,
    fix: null,
    ...more,
  });
  return {
    fields: [
      field('phase', 'O2R Phase', 'picklist'),
      field('health_score', 'Health Score', 'integer'),
      field('last_sync', 'Last PP Sync', 'datetime', { crm_label: 'Pulse synced' }),
      field('sync_status', 'PP Sync Status', 'picklist', {
        fault: 'missing',
        field_id: null,
        api_name: null,
        crm_label: null,
        message: 'The CRM has no such field yet.',
        fix: 'Create it.',
      }),
    ],
    missing: ['PP Sync Status'],
    validation_passed: false,
    may_create: true,
    calls_to_create: 1,
    refreshed_at: '2026-03-02T09:00:00Z',
    write_back: {
      is_on: true,
      is_paused_by_mode: false,
      records_written: 48_208,
      last_at: '2026-03-02T09:25:00Z',
      last_records: 12,
      trouble: null,
      credits_today: 40,
      credits_allowed: 9_200,
      skipped: 2,
      skips: [
        {
          record_id: '554023000000235001',
          name: 'Metro signalling',
          code: 'RECORD_LOCKED',
          message: 'record locked',
          next_try_at: '2026-03-02T15:25:00Z',
        },
      ],
    },
    ...changes,
  };
}

export const rate = (currency: string, changes: Partial<CurrencyRate> = {}): CurrencyRate => ({
  currency,
  name: currency,
  symbol: null,
  is_home: false,
  is_base: false,
  is_active: true,
  is_known: true,
  rate: '65.4',
  in_base: '0.0152905198777',
  since: '2026-02-20',
  deals: 12,
  without_rate: 0,
  by_crm_rate: 3,
  history: [],
  ...changes,
});

export const currencyRates = (
  items: CurrencyRate[] = [],
  changes: Partial<CurrencyRates> = {},
): CurrencyRates => ({
  on: null,
  base_currency: 'SGD',
  home_currency: 'SGD',
  read_at: '2026-03-02T09:00:00Z',
  items,
  deals_without_currency: 0,
  ...changes,
});
