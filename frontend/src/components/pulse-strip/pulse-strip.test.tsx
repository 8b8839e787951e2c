import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Schema } from '@/lib/api';
import { renderApp } from '@/testing/render';
import { PulseStrip } from './pulse-strip';
import { heightOf } from './words';

const NOW = new Date(2026, 7, 17, 8, 42);
const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

const run = (id: string, minutes: number, more: Partial<Schema['PulseRun']> = {}) => ({
  id,
  module: 'Deals',
  sync_type: 'incremental' as const,
  trigger: 'schedule' as const,
  status: 'completed' as const,
  created_at: ago(minutes),
  started_at: ago(minutes),
  completed_at: ago(minutes),
  records_changed: 18,
  credits_used: 3,
  stands_for: 1,
  ...more,
});

const PULSE: Schema['Pulse'] = {
  since: ago(24 * 60),
  until: NOW.toISOString(),
  total_runs: 96,
  failed_runs: 1,
  last_failed_at: ago(511),
  records_changed: 1_204,
  credits_used: 288,
  runs: [
    run('early', 600),
    run('failed', 511, { status: 'failed', records_changed: 0, credits_used: 5 }),
    run('last', 14, { records_changed: 1, credits_used: 1 }),
  ],
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

test('is a link to Sync History that tells the whole day in a sentence', () => {
  renderApp(<PulseStrip pulse={PULSE} size="header" />);

  expect(
    screen.getByRole('link', {
      name: '96 sync runs in the last 24 hours: 1 failed, the last at 00:11, 1,204 deals changed. Open Sync History.',
    }),
  ).toHaveAttribute('href', '/sync-status?tab=history');
});

test('a day without a run says so', () => {
  const none = { ...PULSE, total_runs: 0, failed_runs: 0, last_failed_at: null, runs: [] };
  renderApp(<PulseStrip pulse={none} size="header" />);

  expect(screen.getByRole('link')).toHaveAccessibleName(
    'No sync has run in the last 24 hours. Open Sync History.',
  );
});

test('arrow keys go from bar to bar and tell time, changes and credits', async () => {
  const { user } = renderApp(<PulseStrip pulse={PULSE} size="header" />);

  await user.tab();
  await user.keyboard('{ArrowLeft}');
  expect(screen.getByRole('tooltip')).toHaveTextContent('08:28:001 deal changed, 1 credit');
  await user.keyboard('{ArrowLeft}');
  expect(screen.getByRole('tooltip')).toHaveTextContent(
    '00:11:00Failed: 0 deals changed, 5 credits',
  );
  expect(screen.getByRole('link')).toHaveAccessibleDescription(/Failed: 0 deals changed/);

  await user.keyboard('{Escape}');
  expect(screen.queryByRole('tooltip')).not.toBeInTheDocument();
});

test('in large, the bar that is told opens its run', async () => {
  const { user, address } = renderApp(<PulseStrip pulse={PULSE} size="chart" />);

  await user.tab();
  await user.keyboard('{ArrowLeft}{ArrowLeft}{Enter}');

  expect(address()).toBe('/sync-status?tab=history&run=failed');
});

test('in the header, every bar leads to Sync History', async () => {
  const { user, address } = renderApp(<PulseStrip pulse={PULSE} size="header" />);

  await user.tab();
  await user.keyboard('{ArrowLeft}{Enter}');

  expect(address()).toBe('/sync-status?tab=history');
});

test('in large, the last failed run is named where it stands', () => {
  renderApp(<PulseStrip pulse={PULSE} size="chart" />);

  expect(screen.getByText('Failed 00:11')).toBeInTheDocument();
});

test('the height is told by what was changed, and by its scale', () => {
  const withAccounts = { ...PULSE, runs: [...PULSE.runs, run('other', 5, { module: 'Accounts' })] };
  const withLoad = { ...PULSE, runs: [...PULSE.runs, run('l', 5, { records_changed: 48_210 })] };

  expect(heightOf(PULSE)).toBe('bar height: deals changed');
  expect(heightOf(withAccounts)).toBe('bar height: records changed');
  expect(heightOf(withLoad)).toBe('bar height: deals changed, logarithmic');
});
