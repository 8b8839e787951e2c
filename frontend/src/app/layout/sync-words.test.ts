import { expect, test } from 'vitest';
import { currentStatus, syncing } from '@/testing/sync-state';
import { syncWords, wholePercent } from './sync-words';

const live = { isLive: true, retryAt: null };
const said = (...of: Parameters<typeof syncWords>) => {
  const { word, rest } = syncWords(...of);
  return rest === '' ? word : `${word} · ${rest}`;
};

test.each([
  [currentStatus(), 'In sync · 45 s ago'],
  [syncing({ progress_percentage: 62.9 }), 'Syncing · 62%, 5.0 s left'],
  [syncing({ progress_percentage: null, seconds_left: null }), 'Syncing'],
  [syncing({ is_stopping: true }), 'Syncing · stopping'],
  [currentStatus({ condition: 'stale', data_age: 2_820 }), 'Stale · data 47 min old'],
  [currentStatus({ condition: 'failing', data_age: 8_040 }), 'Sync failing · data 2 h 14 min old'],
  [currentStatus({ condition: 'failing', data_age: null }), 'Sync failing'],
  [currentStatus({ condition: 'paused', interval_minutes: null }), 'Paused · manual only'],
  [currentStatus({ condition: 'paused', mode: 'local_to_crm' }), 'Paused · nothing is read'],
  [currentStatus({ condition: 'not_connected' }), 'Not connected'],
  [currentStatus({ condition: 'never_synced' }), 'Not loaded yet'],
])('the header says it in the words of the state: %#', (current, words) => {
  expect(said(current, live, 5)).toBe(words);
});

test('before the first answer it loads; without a stream it is offline, whatever was known', () => {
  expect(said(undefined, live, 0)).toBe('Loading…');
  expect(said(currentStatus(), { isLive: false, retryAt: 1 }, 0)).toBe('Offline · trying again');
});

test('a percentage is cut, never rounded up', () => {
  expect([wholePercent(99.9), wholePercent(0), wholePercent(null)]).toEqual(['99%', '0%', null]);
});
