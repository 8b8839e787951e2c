import { expect, test } from 'vitest';
import { currentStatus, runningSync } from '@/testing/sync-state';
import { ledeOf, sourceWords, stepWords, whyChosen } from './words';

const option = (source: 'coql' | 'bulk_read' | 'pages', credits: number, seconds: number) => ({
  source,
  slices: 1,
  calls: 1,
  credits,
  seconds,
  reason: '',
});

test('in sync, the lede tells the last run and the next, and both go on between two answers', () => {
  const current = currentStatus({ data_age: 40, next_sync_in: 860 });
  expect(ledeOf(current, 0)).toBe(
    'In sync. 18 deals changed in the last run, 40 s ago. The next one is in 14 min.',
  );
  expect(ledeOf(current, 5)).toBe(
    'In sync. 18 deals changed in the last run, 45 s ago. The next one is in 14 min.',
  );
  expect(ledeOf(current, 900)).toContain('The next one is due.');
});

test.each([
  [
    currentStatus({ condition: 'stale', data_age: 2_820, late_by: 1_920 }),
    'Data is 47 min old. The next sync is late by 32 min.',
  ],
  [
    currentStatus({ condition: 'paused', interval_minutes: null, data_age: 2_820 }),
    'Syncs start by hand only. Data is 47 min old.',
  ],
  [
    currentStatus({ condition: 'paused', mode: 'local_to_crm', data_age: 2_820 }),
    'Nothing is read from the CRM in this mode. Data is 47 min old.',
  ],
  [
    currentStatus({ condition: 'failing', data_age: 8_040 }),
    'Syncs are failing. You read data that is 2 h 14 min old.',
  ],
  [
    currentStatus({ condition: 'never_synced', data_age: null }),
    'Deals have never been loaded. A full sync reads all of them.',
  ],
  [
    currentStatus({ condition: 'not_connected', data_age: null }),
    'No CRM is connected, so there is nothing to sync.',
  ],
  [
    currentStatus({ condition: 'syncing', running: runningSync() }),
    'A full sync is running. Deals stay readable while it runs.',
  ],
  [
    currentStatus({ condition: 'syncing', running: runningSync({ status: 'pending' }) }),
    'A full sync waits for a worker.',
  ],
  [
    currentStatus({ condition: 'syncing', running: runningSync({ is_stopping: true }) }),
    'The full sync is stopping. What is loaded stays.',
  ],
])('the lede says what is the case: %#', (current, words) => {
  expect(ledeOf(current, 0)).toBe(words);
});

test('the plan is explained by the best of what was not chosen', () => {
  const coql = option('coql', 15, 2);
  expect(whyChosen(coql, [option('pages', 50, 30), option('bulk_read', 54, 8)])).toBe(
    'The fewest credits win. Get Records would cost 35 more and take about 28 s longer.',
  );
  expect(whyChosen(coql, [option('bulk_read', 15, 8)])).toBe(
    'Bulk Read would cost the same and take about 6.0 s longer.',
  );
  expect(whyChosen(option('pages', 50, 30), [coql])).toBe(
    'It was asked for. COQL would cost 35 credits less.',
  );
});

test('sources and steps read as people say them', () => {
  expect(sourceWords({ source: 'coql', slices: 8 })).toBe('COQL, 8 parallel slices');
  expect(sourceWords({ source: 'coql', slices: 1 })).toBe('COQL, 1 slice');
  expect(sourceWords({ source: 'bulk_read', slices: 2 })).toBe('Bulk Read, 2 jobs');
  expect(sourceWords({ source: 'pages', slices: 1 })).toBe('Get Records, page by page');
  expect(stepWords('slice 3')).toBe('Slice 3');
  expect(stepWords(null)).toBe('');
});
