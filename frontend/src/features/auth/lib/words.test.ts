import { expect, test } from 'vitest';
import { ApiProblem } from '@/lib/api';
import { formatClock } from '@/lib/format';
import { changeRefusalOf, nextOf, refusalOf } from './words';

test('a refusal names the tries that are left, and the time of the lock in local time', () => {
  const wrong = (left: number) =>
    new ApiProblem(401, { code: 'wrong_password', detail: '', tries_left: left });
  expect(refusalOf(wrong(3))).toBe('E-mail or password is wrong. 3 tries left.');
  expect(refusalOf(wrong(1))).toBe('E-mail or password is wrong. 1 try left.');
  const until = '2026-08-17T00:57:00Z';
  const locked = new ApiProblem(429, { code: 'login_locked', detail: '', locked_until: until });
  expect(refusalOf(locked)).toBe(
    `Too many tries. Try again at ${formatClock(new Date(until))} or ask an admin.`,
  );
  expect(changeRefusalOf(wrong(2))).toBe('Your present password is wrong. 2 tries left.');
});

test.each([
  ['/deals?stage=Won#top', '/deals?stage=Won#top'],
  [null, '/'],
  ['https://evil.example.com/', '/'],
  ['//evil.example.com/', '/'],
  ['/\\evil.example.com', '/'],
  ['javascript:alert(1)', '/'],
])('the way back from %s leads to %s', (next, expected) => {
  expect(nextOf(new URLSearchParams(next === null ? {} : { next }))).toBe(expected);
});
