import { expect, test } from 'vitest';
import { browserOf } from './browser';

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0',
    'Edge on Windows',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1', 'Safari on macOS'],
  ['python-httpx/0.28', 'python-httpx'],
  [null, 'Unknown browser'],
])('%s is called %s', (agent, words) => {
  expect(browserOf(agent)).toBe(words);
});
