import { fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { MomentChip } from './moment-chip';
import { instantOf, momentOf, PRESETS } from './moments';
import { PastNote } from './past-note';

const at = (key: string, now: Date): Date => {
  const preset = PRESETS.find((each) => each.key === key);
  if (preset === undefined) throw new Error(`no preset ${key}`);
  return preset.at(now);
};

describe('moments are told by the calendar', () => {
  test.each([
    ['yesterday', new Date(2026, 7, 17, 8, 42), new Date(2026, 7, 16, 8, 42)],
    ['week', new Date(2026, 7, 3, 8, 42), new Date(2026, 6, 27, 8, 42)],
    ['month', new Date(2026, 7, 17, 8, 42), new Date(2026, 6, 17, 8, 42)],
    ['month', new Date(2026, 2, 31, 8, 42), new Date(2026, 1, 28, 8, 42)],
    ['quarter', new Date(2026, 7, 17, 8, 42), new Date(2026, 6, 1)],
    ['quarter', new Date(2026, 0, 1, 0, 0), new Date(2026, 0, 1)],
  ])('%s before %s', (key, now, then) => {
    expect(at(key, now)).toEqual(then);
  });

  test('an address holds a moment to the second, and what is none is no moment', () => {
    expect(instantOf(new Date(Date.UTC(2026, 7, 10, 0, 0, 0, 12)))).toBe('2026-08-10T00:00:00Z');
    expect(momentOf('2026-08-10T00:00:00Z')).toEqual(new Date(Date.UTC(2026, 7, 10)));
    expect(momentOf('last week')).toBeNull();
    expect(momentOf(null)).toBeNull();
  });
});

describe('the chip', () => {
  const NOW = new Date(2026, 7, 17, 8, 42);
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('says now, and looks a week back at two presses', async () => {
    const chosen = vi.fn();
    const { user } = renderApp(<MomentChip label="As of" value={null} onChange={chosen} />);
    await user.click(screen.getByRole('button', { name: 'As of now' }));
    expect(screen.getByRole('button', { name: 'Now' })).toHaveAttribute('aria-pressed', 'true');
    await user.click(screen.getByRole('button', { name: /^A week ago/ }));
    expect(chosen).toHaveBeenCalledExactlyOnceWith(instantOf(new Date(2026, 7, 10, 8, 42)));
    expect(screen.queryByRole('button', { name: /^A week ago/ })).toBeNull();
  });

  test('names its moment, and goes back to now', async () => {
    const chosen = vi.fn();
    const value = instantOf(new Date(2026, 7, 10, 8, 0));
    const { user } = renderApp(<MomentChip label="As of" value={value} onChange={chosen} />);
    await user.click(screen.getByRole('button', { name: 'As of Aug 10, 08:00' }));
    await user.click(screen.getByRole('button', { name: 'Now' }));
    expect(chosen).toHaveBeenCalledExactlyOnceWith(null);
  });

  test('offers nothing before history and nothing to come', async () => {
    const chosen = vi.fn();
    const earliest = instantOf(new Date(2026, 7, 12, 9, 0));
    const { user } = renderApp(
      <MomentChip label="As of" value={null} onChange={chosen} earliest={earliest} />,
    );
    await user.click(screen.getByRole('button', { name: 'As of now' }));
    expect(screen.getByRole('button', { name: /^Yesterday/ })).toBeEnabled();
    expect(screen.getByRole('button', { name: /^A week ago/ })).toBeDisabled();
    const typed = screen.getByLabelText('Day and time');
    fireEvent.change(typed, { target: { value: '2026-08-11T10:00' } });
    expect(screen.getByText('History begins on Aug 12, 09:00.')).toBeVisible();
    fireEvent.change(typed, { target: { value: '2026-08-18T10:00' } });
    expect(screen.getByText('That has not come yet.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Show' })).toBeDisabled();
    fireEvent.change(typed, { target: { value: '2026-08-15T10:00' } });
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(chosen).toHaveBeenCalledExactlyOnceWith(instantOf(new Date(2026, 7, 15, 10, 0)));
  });

  test('may mean another moment than now where none is chosen', async () => {
    const { user } = renderApp(
      <MomentChip
        label="Compared with"
        value={null}
        unset={{ word: 'A week before', said: '10 Aug' }}
        onChange={vi.fn()}
      />,
    );
    await user.click(screen.getByRole('button', { name: 'Compared with 10 Aug' }));
    expect(screen.getByRole('button', { name: 'A week before' })).toBeVisible();
  });
});

test('deals of the past say of when they are, and lead back', async () => {
  const back = vi.fn();
  const { user } = renderApp(
    <PastNote moment={new Date(2025, 7, 10, 8, 0)} what="Deals" onBack={back} />,
  );
  expect(
    screen.getByText(/^Deals as they stood on Aug 10, 2025, 08:00. Nothing can be edited here./),
  ).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Back to now' }));
  expect(back).toHaveBeenCalledOnce();
});
