import { screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp } from '@/testing/render';
import { RowsTable } from './rows-table';

afterEach(() => {
  localStorage.clear();
});

const heightOf = (label: string): string =>
  screen.getByRole('table', { name: label }).style.getPropertyValue('--row');

test('rows are as high as the density that the person chose, 32 px without a choice', () => {
  const { unmount } = renderApp(<RowsTable label="Runs">{null}</RowsTable>);
  expect(heightOf('Runs')).toBe('32px');
  unmount();

  localStorage.setItem('pulse-density', JSON.stringify('roomy'));
  renderApp(<RowsTable label="Runs">{null}</RowsTable>);
  expect(heightOf('Runs')).toBe('44px');
});
