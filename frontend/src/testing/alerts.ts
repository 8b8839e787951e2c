/** Alerts that tests start from. */
import type { Schema } from '@/lib/api';
import type { Alert } from '@/lib/queries/alerts';

export const exampleAlert = (id: number, changes: Partial<Alert> = {}): Alert => ({
  id: String(id),
  rule: 'probability_fell',
  deal: { id: `90${id}`, name: `Deal number ${id}` },
  account: { id: '7', name: 'Harbour' },
  owner: { id: '8', name: 'Mei Tan' },
  stage: 'Proposal',
  outcome: 'open',
  value: 1250.4,
  field: 'Probability',
  old: { kind: 'percent', number: '80' },
  new: { kind: 'percent', number: '40' },
  size: -40,
  is_reopened: false,
  threshold: 30,
  compared: null,
  side: 'crm',
  by: { id: '9', name: 'Omar Haddad' },
  at: '2026-03-02T09:29:00Z',
  raised_at: '2026-03-02T09:29:20Z',
  acknowledged_at: null,
  acknowledged_by: null,
  ...changes,
});

/** A page that holds all the alerts there are; they are open. */
export const alertPage = (items: Alert[] = []): Schema['AlertPage'] => ({
  count: items.length,
  items,
  limit: 50,
  offset: 0,
  has_more: false,
  by_rule: { amount_moved: 0, probability_fell: 0, closing_pushed: 0, stage_backwards: 0 },
  open: items.length,
  acknowledged: 0,
  base_currency: 'SGD',
  thresholds: { amount_percent: 50, probability_points: 30, closing_days: 90 },
});
