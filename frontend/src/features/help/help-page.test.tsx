import guides from 'virtual:guides';
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import HelpPage from './help-page';

const shown = (at: string, role: 'viewer' | 'editor' | 'admin' = 'viewer') =>
  renderApp(<HelpPage />, { at, path: '/help/:guide?', role });

test.each([
  ['viewer', 'Read the pipeline'],
  ['editor', 'Edit deals'],
  ['admin', 'Administer'],
] as const)('gives a person of role %s the guide "%s"', async (role, title) => {
  shown('/help', role);

  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeVisible();
});

test('lets one go from guide to guide', async () => {
  const { user, address } = shown('/help/read-the-pipeline');

  await user.click(
    within(await screen.findByRole('navigation', { name: 'Guides' })).getByRole('link', {
      name: 'Watch the sync',
    }),
  );

  expect(address()).toBe('/help/watch-the-sync');
  expect(screen.getByRole('cell', { name: 'Both sides hold the same values' })).toBeVisible();
});

test('every guide is told in headings, lists and paragraphs, without a trace of markup', () => {
  expect(guides.map(({ slug }) => slug)).toEqual([
    'read-the-pipeline',
    'edit-deals',
    'change-many-deals',
    'follow-alerts',
    'opportunity-to-revenue',
    'export',
    'watch-the-sync',
    'administer',
  ]);
  for (const { blocks } of guides) {
    expect(blocks.filter(({ kind }) => kind === 'heading').length).toBeGreaterThan(4);
    expect(JSON.stringify(blocks)).not.toMatch(/\*\*|<\w|&\w+;|\]\(/);
  }
});
