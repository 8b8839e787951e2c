import { expect, test } from 'vitest';
import { boundsOf, kindOf } from './setting-kind';
import { actionWords, shown } from './words';

test('an action that is not known here is told by its own name', () => {
  expect(actionWords('user.added')).toBe('Added a user');
  expect(actionWords('saved_view.removed')).toBe('Saved view removed');
});

test.each([
  [null, 'Empty'],
  [true, 'Yes'],
  [['a', 'b'], 'a, b'],
  [{ search: 2, refused: null }, 'search 2'],
  [{}, 'Empty'],
])('%j is read as %s', (value, words) => {
  expect(shown(value)).toBe(words);
});

test.each([
  [{ type: 'integer', minimum: 1, maximum: 3600 }, 'from 1 to 3600'],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, 'above 0 to 1'],
  [{ anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }] }, 'from 0'],
  [{ type: 'string' }, null],
])('the bounds of %j are %s', (shape, words) => {
  expect(boundsOf(kindOf(shape))).toBe(words);
});

test('a choice that may be empty offers that, too', () => {
  expect(kindOf({ anyOf: [{ enum: [15, 30], type: 'integer' }, { type: 'null' }] })).toEqual({
    kind: 'choice',
    options: [15, 30, null],
  });
});
