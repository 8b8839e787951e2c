import { expect, test } from 'vitest';
import type { InputKind, InputValue } from '@/components/field-inputs/field';
import type { Value } from '../api/deal';
import { withTyped } from './draft';
import { exampleDeal, exampleForm, exampleMark, withMarks } from './example-deal';
import { shownValue, withPending } from './shown-value';

const { fields } = exampleForm();
const [amount] = fields;
if (amount === undefined) throw new Error('the example has no fields');
const OPTIONS = [
  { value: 'new', label: 'New business' },
  { value: 'old', label: 'Renewal' },
];

test.each<[InputKind, InputValue, Value | null]>([
  ['text', null, null],
  ['text', 'Board', { kind: 'text', text: 'Board' }],
  ['paragraph', 'One\nTwo', { kind: 'paragraph', text: 'One\nTwo' }],
  ['url', 'a.example', { kind: 'url', text: 'a.example' }],
  ['integer', '12', { kind: 'number', number: '12' }],
  ['digits', '446961072129862754', { kind: 'number', number: '446961072129862754' }],
  ['percent', '12.5', { kind: 'percent', number: '12.5' }],
  ['money', '-5.10', { kind: 'money', amount: '-5.10', currency: 'INR' }],
  ['money', 'a lot', { kind: 'text', text: 'a lot' }],
  ['date', '2026-08-14', { kind: 'date', date: '2026-08-14' }],
  ['date', 'soon', { kind: 'text', text: 'soon' }],
  ['instant', '2026-08-14T09:20:00Z', { kind: 'instant', at: '2026-08-14T09:20:00Z' }],
  ['boolean', false, { kind: 'boolean', is_true: false }],
  ['choice', 'old', { kind: 'choice', choice: { value: 'old', label: 'Renewal' } }],
  ['choices', ['new'], { kind: 'choices', choices: [{ value: 'new', label: 'New business' }] }],
  ['reference', '17', { kind: 'reference', record: { id: '17', name: 'Meridian' }, module: null }],
])('shows what was typed into %s', (input, typed, expected) => {
  expect(shownValue({ ...amount, input, options: OPTIONS }, typed, 'Meridian')).toEqual(expected);
});

test('a second edit of a field keeps what both sides agreed on', () => {
  const base: Value = { kind: 'money', amount: '1', currency: 'INR' };
  const deal = withMarks(exampleDeal(), { Amount: exampleMark({ base }) });
  const at = new Date('2026-08-17T00:42:00Z');

  const drawn = withPending(deal, fields, withTyped({}, amount, '5', null), at);

  const field = drawn.fields.find(({ api_name: name }) => name === 'Amount');
  expect(field).toMatchObject({
    value: { kind: 'money', amount: '5', currency: 'INR' },
    change: { state: 'pending', base, is_mine: true, at: '2026-08-17T00:42:00.000Z' },
  });
  expect(drawn.sync.status).toBe('pending');
  expect(drawn.fields.filter(({ api_name: name }) => name !== 'Amount')).toEqual(
    deal.fields.filter(({ api_name: name }) => name !== 'Amount'),
  );
});
