import { IconBolt } from '@tabler/icons-react';
import { expect, test } from 'vitest';
import { type Entry, matching, modeOf } from './entries';

const entry = (group: Entry['group'], label: string, also?: string): Entry => ({
  id: label,
  group,
  label,
  icon: IconBolt,
  run: () => undefined,
  ...(also !== undefined && { also }),
});

const ENTRIES = [
  entry('Actions', 'Quick sync'),
  entry('Actions', 'Full CRM sync'),
  entry('Pages', 'Check sync status', 'Sync Status Monitor'),
  entry('Pages', 'Deals'),
  entry('Deals', 'ERP synthesis programme'),
];

const labels = (typed: string): Record<string, string[]> => {
  const { mode, words } = modeOf(typed);
  return Object.fromEntries(
    matching(ENTRIES, mode, words).map(({ label, entries }) => [
      label,
      entries.map((e) => e.label),
    ]),
  );
};

test('what was typed is looked for in names and in other words for them', () => {
  expect(labels('monitor').Pages).toEqual(['Check sync status']);
  expect(labels('SYNC').Actions).toEqual(['Quick sync', 'Full CRM sync']);
});

test('deals are what the server found', () => {
  expect(labels('sy').Deals).toEqual(['ERP synthesis programme']);
});

test('a leading > leaves actions only', () => {
  expect(labels('> full')).toEqual({ Actions: ['Full CRM sync'], Pages: [], Deals: [] });
});

test('a leading # asks for a deal by id', () => {
  expect(modeOf('#5540')).toEqual({ mode: 'deal', words: '5540' });
  expect(labels('#5540')).toEqual({ Actions: [], Pages: [], Deals: ['ERP synthesis programme'] });
});
