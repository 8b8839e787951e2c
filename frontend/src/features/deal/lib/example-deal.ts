/** A deal for tests: one company on Monday 17 August 2026. */
import type { FieldMark } from '@/lib/mark-words';
import type { Deal, DealField, Entry } from '../api/deal';
import type { DealForm, FormField } from '../api/edit';

const MARCUS = { id: '554023000000235011', name: 'Marcus Tan' };

const field = (
  api_name: string,
  label: string,
  group: DealField['group'],
  value: DealField['value'],
  canonical_name: string | null = null,
): DealField => ({
  api_name,
  canonical_name,
  label,
  group,
  data_type: 'text',
  value,
  is_read_only: false,
  is_mandatory: false,
  applies: true,
  change: null,
});

export function exampleDeal(changed: Partial<Deal> = {}): Deal {
  return {
    id: '554023000000235001',
    name: 'Claims platform renewal',
    account: { id: '554023000000235021', name: 'Meridian General' },
    owner: MARCUS,
    country: 'Singapore',
    market_segment: 'Enterprise',
    closing_date: '2026-08-14',
    days_overdue: 3,
    outcome: 'open',
    created_at: '2026-05-11T02:04:00Z',
    value: {
      amount: '118500000.00',
      currency: 'INR',
      base_currency: 'SGD',
      base_amount: '1805940.00',
      weighted: '1264158.00',
      probability: '70',
      rate: '0.01524',
      rate_source: 'crm',
      rate_since: '2026-08-16',
      is_rate_missing: false,
    },
    path: {
      current: 'Negotiation',
      current_label: 'Negotiation',
      entered_at: '2026-07-25T00:30:00Z',
      days_in_stage: 23,
      is_at_least: false,
      stages: [
        { stage: 'Proposal', label: 'Proposal', state: 'passed', days: 21, is_at_least: true },
        {
          stage: 'Negotiation',
          label: 'Negotiation',
          state: 'current',
          days: 23,
          is_at_least: false,
        },
        {
          stage: 'Approval',
          label: 'Deal approval',
          state: 'ahead',
          days: null,
          is_at_least: false,
        },
      ],
    },
    last_change: { at: '2026-08-17T00:30:00Z', kind: 'updated', side: 'crm', by: MARCUS },
    sync: {
      status: 'synced',
      reason: null,
      presence: 'live',
      gone_at: null,
      gone_by: null,
      last_synced_at: '2026-08-17T00:41:20Z',
      crm_modified_at: '2026-08-17T00:30:00Z',
      details_read_at: '2026-08-17T00:30:00Z',
    },
    history: { known_since: '2026-06-01T02:04:00Z', is_whole: false },
    crm_url: 'https://crm.zoho.in/crm/org60001/tab/Potentials/554023000000235001',
    fields: [
      field(
        'Amount',
        'Amount',
        'deal',
        { kind: 'money', amount: '118500000.00', currency: 'INR' },
        'OCH_Revenue',
      ),
      field(
        'Closing_Date',
        'Closing date',
        'deal',
        { kind: 'date', date: '2026-08-14' },
        'Closing_Date',
      ),
      field('Invoice_Date', 'Invoiced', 'dates', null, 'Invoice_Date'),
      field('Next_Step', 'Next Step', 'deal', { kind: 'text', text: 'Legal review' }),
      ...Array.from({ length: 9 }, (_, place) =>
        field(`Custom_${place}`, `Custom ${place}`, 'custom', null),
      ),
      field('Partner', 'Partner', 'custom', { kind: 'text', text: 'Orchid Systems' }),
      field('Modified_By', 'Modified By', 'system', {
        kind: 'reference',
        record: MARCUS,
        module: null,
      }),
    ],
    ...changed,
  };
}

export function exampleEntry(place: number, changed: Partial<Entry> = {}): Entry {
  return {
    id: `2026-08-17T00:30:00+00:00_0_${place}`,
    kind: 'changed',
    at: '2026-08-17T00:30:00Z',
    side: 'crm',
    by: { id: '554023000000235012', name: 'Nurul Aisyah' },
    changes: [
      {
        api_name: 'Amount',
        label: 'Amount',
        is_removed: false,
        old: { kind: 'money', amount: '1280000', currency: 'SGD' },
        new: { kind: 'money', amount: '1310000', currency: 'SGD' },
      },
    ],
    sync: null,
    ...changed,
  };
}

const PENDING: FieldMark = {
  state: 'pending',
  local: { kind: 'text', text: 'Legal review' },
  base: { kind: 'text', text: 'Send revised terms' },
  is_base_known: true,
  crm: null,
  by: 'Priya Raghunathan',
  is_mine: false,
  at: '2026-08-17T00:41:00Z',
  crm_by: null,
  crm_at: null,
  is_on_its_way: false,
  is_record_gone: false,
  is_skipped: false,
  can_be_dropped: true,
  error_code: null,
  error: null,
};

export const exampleMark = (changed: Partial<FieldMark> = {}): FieldMark => ({
  ...PENDING,
  ...changed,
});

/** Returns the deal with marks on fields, by API name. */
export const withMarks = (deal: Deal, marks: Readonly<Record<string, FieldMark>>): Deal => ({
  ...deal,
  fields: deal.fields.map((each) => ({ ...each, change: marks[each.api_name] ?? null })),
});

const formField = (
  changed: Pick<FormField, 'api_name' | 'label' | 'input' | 'value' | 'shown'> & Partial<FormField>,
): FormField => ({
  canonical_name: null,
  group: 'deal',
  data_type: 'text',
  options: [],
  is_mandatory: false,
  max_length: null,
  decimals: null,
  currency: null,
  has_lookup: false,
  read_only_reason: null,
  change: null,
  ...changed,
});

/** The form of the example: three fields that can be edited, and one that the CRM keeps. */
export const exampleForm = (changed: Partial<DealForm> = {}): DealForm => ({
  id: '554023000000235001',
  name: 'Claims platform renewal',
  status: 'synced',
  read_only_reason: null,
  fields: [
    formField({
      api_name: 'Amount',
      label: 'Amount',
      input: 'money',
      currency: 'INR',
      decimals: 2,
      is_mandatory: true,
      value: '118500000.00',
      shown: { kind: 'money', amount: '118500000.00', currency: 'INR' },
    }),
    formField({
      api_name: 'Closing_Date',
      label: 'Closing date',
      input: 'date',
      value: '2026-08-14',
      shown: { kind: 'date', date: '2026-08-14' },
    }),
    formField({
      api_name: 'Next_Step',
      label: 'Next Step',
      input: 'text',
      value: 'Legal review',
      shown: { kind: 'text', text: 'Legal review' },
    }),
    formField({
      api_name: 'Modified_By',
      label: 'Modified By',
      group: 'system',
      input: 'none',
      read_only_reason: 'The CRM keeps it itself.',
      value: null,
      shown: null,
    }),
  ],
  ...changed,
});
