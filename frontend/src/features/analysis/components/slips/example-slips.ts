/** Deals that slipped, as the server tells them, for tests. */
import type { SlippedDeal, Slips } from '../../api/slips';

export const MOVED: SlippedDeal = {
  id: '554023000000235001',
  name: 'Metro signalling',
  account: 'Straits Ports Pte Ltd',
  owner: 'Mei Tan',
  stage: 'Negotiation',
  value: 819_825.85,
  closed_on: '2026-08-24',
  closes_on: '2026-09-15',
  days: 22,
  moves: 2,
  moved_by: 'Arjun Mehta',
  moved_at: '2026-08-14T03:12:00Z',
};

export const OVERDUE: SlippedDeal = {
  ...MOVED,
  id: '554023000000235002',
  name: 'Harbour cranes',
  value: null,
  closed_on: '2026-07-01',
  closes_on: '2026-07-01',
  days: 47,
  moves: null,
  moved_by: null,
  moved_at: null,
};

export const SLIPS: Omit<Slips, 'basis' | 'comparison'> = {
  overdue: { deals: 23, value: 5_918_300 },
  moved: { deals: 1, value: 819_825.85 },
  moved_out: { deals: 4, value: 870_000 },
  moved_out_share: 0.01872,
  count: 1,
  items: [MOVED],
  limit: 6,
  offset: 0,
  has_more: false,
};
