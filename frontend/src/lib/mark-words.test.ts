import { expect, it } from 'vitest';
import { type FieldMark, markWords } from './mark-words';

const NOW = new Date(2026, 7, 17, 8, 42);

const mark = (over: Partial<FieldMark>): FieldMark => ({
  state: 'pending',
  local: { kind: 'text', text: 'Legal review' },
  base: { kind: 'text', text: 'Send revised terms' },
  is_base_known: true,
  crm: null,
  by: 'Marcus Tan',
  is_mine: false,
  at: new Date(2026, 7, 17, 8, 30).toISOString(),
  crm_by: null,
  crm_at: null,
  is_on_its_way: false,
  is_record_gone: false,
  is_skipped: false,
  can_be_dropped: true,
  error_code: null,
  error: null,
  ...over,
});

it.each<[string, Partial<FieldMark>, string]>([
  ['an edit that waits', {}, 'Pending: was Send revised terms, by Marcus Tan 12 min'],
  ['one of the reader', { is_mine: true, base: null }, 'Pending: was Empty, by you 12 min'],
  ['one of a field never read', { is_base_known: false }, 'Pending: by Marcus Tan 12 min'],
  [
    'a conflict',
    { state: 'conflict', crm: { kind: 'text', text: 'Waiting' } },
    'Conflict: CRM Waiting, was Send revised terms, by Marcus Tan 12 min',
  ],
  [
    'a conflict with a deletion',
    { state: 'conflict', is_record_gone: true },
    'Conflict: deleted in the CRM, was Send revised terms, by Marcus Tan 12 min',
  ],
  [
    'a refusal',
    { state: 'error', error: 'invalid data' },
    'Error: invalid data, was Send revised terms, by Marcus Tan 12 min',
  ],
])('%s is told with the other value, who and when', (_what, over, words) => {
  expect(markWords(mark(over), NOW)).toBe(words);
});
