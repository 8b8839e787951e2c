import { screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import SyncStatusPage from './sync-status-page';
import { aHealthyDay, cells, givePerformance, NOTHING, NOW, PERFORMANCE } from './testing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const show = (at: string) => renderApp(<SyncStatusPage />, { at });

describe('Performance', () => {
  test('tells each figure of the range, and its charts in a sentence', async () => {
    aHealthyDay();
    givePerformance(PERFORMANCE);
    show('/sync-status?tab=performance');

    const efficiency = await screen.findByRole('article', { name: 'API efficiency' });
    expect(within(efficiency).getByText('62')).toBeInTheDocument();
    expect(
      screen.getByRole('img', {
        name: 'Average sync time: 1.0 s over the range, between 0.9 s and 1.2 s.',
      }),
    ).toBeInTheDocument();
    expect(screen.getByRole('meter', { name: 'Credits used' })).toHaveAttribute(
      'aria-valuetext',
      '3,184 of 92,000',
    );
  });

  test('shows the same as a table: a part in which nothing ran has dashes', async () => {
    aHealthyDay();
    givePerformance(PERFORMANCE);
    const { user } = show('/sync-status?tab=performance');

    await user.click(await screen.findByRole('button', { name: 'Show as table' }));

    const table = screen.getByRole('table', { name: 'Performance over time' });
    const rows = within(table).getAllByRole('row').slice(1).map(cells);
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['4', '1', '1.2 s', '9,000', '58.4', '10.0%', '10', '20'],
      ['0', '0', '–', '–', '–', '–', '0', '0'],
      ['4', '0', '0.9 s', '15,000', '66', '0.0%', '12', '24'],
      ['8', '1', '1.0 s', '12,000', '62', '4.5%', '22', '44'],
    ]);
    expect(rows.at(-1)?.[0]).toBe('Whole range');
  });

  test('of a range in which nothing ran says so', async () => {
    aHealthyDay();
    givePerformance({
      ...PERFORMANCE,
      total: NOTHING,
      parts: PERFORMANCE.parts.map((part) => ({ ...part, ...NOTHING })),
    });
    show('/sync-status?tab=performance&range=1h');

    expect(await screen.findByText('No sync has run in the last hour.')).toBeInTheDocument();
    expect(
      screen.getByRole('img', { name: 'Error rate: no run in this range.' }),
    ).toBeInTheDocument();
  });
});
