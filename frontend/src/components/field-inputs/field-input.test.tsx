import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import type { InputField, InputKind, InputValue, Lookup } from './field';
import { isSameValue } from './field';
import { FieldInput } from './field-input';

const fieldOf = (input: InputKind, over: Partial<InputField> = {}): InputField => ({
  label: 'Field',
  input,
  options: [
    { value: 'Id. Decision Makers', label: 'Identify Decision Makers' },
    { value: 'Qualification', label: 'Qualification' },
  ],
  is_mandatory: false,
  decimals: null,
  currency: null,
  ...over,
});

/** Renders an input that holds its value, and returns what it handed out last. */
function renderInput(field: InputField, first: InputValue, lookup?: Lookup) {
  const handed = vi.fn<(value: InputValue) => void>();
  function Holder() {
    const [value, setValue] = useState(first);
    return (
      <FieldInput
        field={field}
        value={value}
        onChange={(next) => {
          handed(next);
          setValue(next);
        }}
        today="2026-08-17"
        lookup={lookup}
      />
    );
  }
  return { ...renderApp(<Holder />), last: () => handed.mock.lastCall?.[0] };
}

it('hands out exact digits for what a person types with marks, and groups it at rest', async () => {
  const { user, last } = renderInput(fieldOf('money', { currency: 'SGD' }), '1280000');
  const input = screen.getByLabelText('Field');
  expect(input).toHaveValue('1,280,000');
  expect(screen.getByText('SGD')).toBeVisible();
  await user.clear(input);
  expect(last()).toBeNull();
  await user.type(input, '1,350,000.5');
  expect(input).toHaveValue('1,350,000.5');
  expect(last()).toBe('1350000.5');
  await user.tab();
  expect(input).toHaveValue('1,350,000.50');
});

it('keeps what it cannot read as it was typed', async () => {
  const { user, last } = renderInput(fieldOf('integer'), null);
  await user.type(screen.getByLabelText('Field'), 'many');
  await user.tab();
  expect(last()).toBe('many');
  expect(screen.getByLabelText('Field')).toHaveValue('many');
});

it('reads a day as people write it', async () => {
  const { user, last } = renderInput(fieldOf('date'), '2026-08-14');
  const input = screen.getByLabelText('Field');
  expect(input).toHaveValue('Aug 14, 2026');
  await user.clear(input);
  await user.type(input, 'tomorrow');
  expect(last()).toBe('2026-08-18');
  await user.tab();
  expect(input).toHaveValue('Aug 18, 2026');
});

it('shows options by what people read and hands out what is stored', async () => {
  const { user, last } = renderInput(fieldOf('choice'), 'Qualification');
  const input = screen.getByRole('combobox', { name: 'Field' });
  await user.clear(input);
  await user.type(input, 'identify');
  await user.click(await screen.findByRole('option', { name: 'Identify Decision Makers' }));
  expect(last()).toBe('Id. Decision Makers');
});

it('shows a value that is no option any more', () => {
  renderInput(fieldOf('choice'), 'Gone');
  expect(screen.getByRole('combobox', { name: 'Field' })).toHaveValue('Gone (no option)');
});

it('hands out no value when the last of several choices is taken away', async () => {
  const { user, last } = renderInput(fieldOf('choices'), ['Qualification']);
  await user.click(screen.getByRole('combobox', { name: 'Field' }));
  await user.click(await screen.findByRole('option', { name: 'Qualification' }));
  expect(last()).toBeNull();
});

it('asks for records by letters and shows the present one by name', async () => {
  const onSearch = vi.fn();
  const { user, last } = renderInput(fieldOf('reference'), '11', {
    found: [{ value: '12', label: 'Orchid Airways' }],
    chosen: { value: '11', label: 'Meridian General' },
    isSearching: false,
    failure: null,
    onSearch,
  });
  const input = screen.getByRole('combobox', { name: 'Field' });
  expect(input).toHaveValue('Meridian General');
  await user.clear(input);
  await user.type(input, 'orc');
  expect(onSearch).toHaveBeenLastCalledWith('orc');
  await user.click(await screen.findByRole('option', { name: 'Orchid Airways' }));
  expect(last()).toBe('12');
});

it('says yes and no with a box', async () => {
  const { user, last } = renderInput(fieldOf('boolean'), false);
  await user.click(screen.getByRole('checkbox', { name: 'Field' }));
  expect(last()).toBe(true);
});

it('knows that several choices have no order', () => {
  expect(isSameValue(['a', 'b'], ['b', 'a'])).toBe(true);
  expect(isSameValue(['a'], null)).toBe(false);
  expect(isSameValue('1', '1')).toBe(true);
});
