import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Fresh } from './fresh';

test('tints a value that changed, and never the first one', () => {
  const { rerender } = render(<Fresh of="1">One</Fresh>);
  expect(screen.getByText('One')).not.toHaveAttribute('data-changed');

  rerender(<Fresh of="1">One</Fresh>);
  expect(screen.getByText('One')).not.toHaveAttribute('data-changed');

  rerender(<Fresh of="2">Two</Fresh>);
  expect(screen.getByText('Two')).toHaveAttribute('data-changed', 'true');
});
