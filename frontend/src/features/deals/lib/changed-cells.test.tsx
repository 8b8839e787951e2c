import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DealRow } from '../api/queries';
import { changedKeys, TINTED_MS, useChangedCells } from './changed-cells';

const BEFORE = {
  id: '1',
  amount: 1_000,
  stage: { value: 'A', label: 'A', step: 1, outcome: 'open' },
  fields: { 'crm.Seats': 4, 'crm.Tools': ['A'] },
} as unknown as DealRow;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('finds the columns whose values differ, those of the CRM too', () => {
  const after = {
    ...BEFORE,
    amount: 1_200,
    stage: { value: 'A', label: 'A', step: 1, outcome: 'open' },
    fields: { 'crm.Tools': ['A', 'B'], 'crm.New': true },
  } as unknown as DealRow;

  expect(changedKeys(BEFORE, after)).toEqual(['amount', 'crm.Seats', 'crm.Tools', 'crm.New']);
  expect(changedKeys(BEFORE, { ...BEFORE })).toEqual([]);
});

it('tints what changed for a moment, and nothing at first or when only read again', () => {
  const { result, rerender } = renderHook(({ row }) => useChangedCells(row), {
    initialProps: { row: BEFORE },
  });
  expect([...result.current]).toEqual([]);
  rerender({ row: { ...BEFORE } });
  expect([...result.current]).toEqual([]);

  rerender({ row: { ...BEFORE, amount: 5 } });
  expect([...result.current]).toEqual(['amount']);
  act(() => {
    vi.advanceTimersByTime(TINTED_MS - 1);
  });
  expect([...result.current]).toEqual(['amount']);
  act(() => {
    vi.advanceTimersByTime(1);
  });
  expect([...result.current]).toEqual([]);
});
