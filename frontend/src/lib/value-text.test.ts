import { expect, test } from 'vitest';

import { type FieldValue, valueText } from './value-text';

const NOW = new Date('2026-08-17T08:42:00+08:00');

test.each<[FieldValue | null, string]>([
  [null, 'Empty'],
  [{ kind: 'money', amount: '1280000.00', currency: 'SGD' }, '1,280,000'],
  [{ kind: 'money', amount: '1280000.5', currency: 'SGD' }, '1,280,000.50'],
  [{ kind: 'money', amount: '12345678901234567.89', currency: null }, '12,345,678,901,234,567.89'],
  [{ kind: 'number', number: '-0.0789' }, '−0.0789'],
  [{ kind: 'boolean', is_true: false }, 'No'],
  [{ kind: 'choice', choice: { value: 'id', label: 'Identify' } }, 'Identify'],
  [
    {
      kind: 'choices',
      choices: [
        { value: 'a', label: 'Incumbent' },
        { value: 'b', label: 'In-house' },
      ],
    },
    'Incumbent, In-house',
  ],
  [{ kind: 'reference', record: { id: '17', name: null }, module: 'Contacts' }, '17'],
  [
    {
      kind: 'references',
      records: [
        { id: '1', name: 'Meridian' },
        { id: '2', name: null },
      ],
    },
    'Meridian, 2',
  ],
  [{ kind: 'table', columns: [], rows: [[], []] }, '2 rows'],
])('%j reads %s', (value, words) => {
  expect(valueText(value, NOW)).toBe(words);
});

test('standing alone, money says its currency and a date of this year no year', () => {
  const brief = (value: FieldValue): string => valueText(value, NOW, { brief: true });
  expect(brief({ kind: 'money', amount: '1280000.50', currency: 'SGD' })).toBe('SGD 1,280,000.50');
  expect(brief({ kind: 'date', date: '2026-09-18' })).toBe('Sep 18');
});
