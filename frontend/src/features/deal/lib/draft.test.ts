import { expect, test } from 'vitest';
import { changedIn, hasMovedOn, refused, valuesOf, withTyped } from './draft';
import { exampleForm } from './example-deal';

const { fields } = exampleForm();
const [amount, day] = fields;
if (amount === undefined || day === undefined) throw new Error('the example has no fields');

test('forgets a field that is back at what it holds', () => {
  const typed = withTyped({}, amount, '5', null);

  expect(Object.keys(typed)).toEqual(['Amount']);
  expect(withTyped(typed, amount, amount.value, null)).toEqual({});
});

test('sends nothing for a field that somebody else brought to the same value', () => {
  const typed = withTyped(withTyped({}, amount, '5', null), day, '2026-09-01', null);
  const moved = fields.map((field) => (field === amount ? { ...field, value: '5' } : field));

  const changed = changedIn(typed, moved);

  expect(valuesOf(typed, changed)).toEqual({ Closing_Date: '2026-09-01' });
});

test('remembers what a field held when typing began, however long one types', () => {
  const typed = withTyped(withTyped({}, amount, '5', null), { ...amount, value: '7' }, '55', null);
  const now = typed['Amount'];
  if (now === undefined) throw new Error('nothing is typed');

  expect(now).toMatchObject({ value: '55', from: '118500000.00' });
  expect(hasMovedOn(now, { ...amount, value: '7' })).toBe(true);
  expect(hasMovedOn(now, amount)).toBe(false);
});

test('lays what a refusal gives back under what was typed since', () => {
  const sent = withTyped(withTyped({}, amount, 'x', null), day, 'y', null);
  const since = withTyped({}, day, '2026-09-01', null);

  const draft = refused(sent, { Amount: 'Amount takes numbers.' }, since);

  expect(draft['Amount']).toMatchObject({ value: 'x', error: 'Amount takes numbers.' });
  expect(draft['Closing_Date']).toMatchObject({ value: '2026-09-01', error: null });
});
