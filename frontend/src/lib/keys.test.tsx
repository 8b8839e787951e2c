import { act } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderApp } from '@/testing/render';
import { onKeyDown, switchKeys, useShortcuts } from './keys';

const run = { deals: vi.fn(), theme: vi.fn(), here: vi.fn(), range: vi.fn() };

function Everywhere() {
  useShortcuts([
    { keys: 'g e', does: 'Deals', run: run.deals },
    { keys: 't', does: 'Theme', run: run.theme },
  ]);
  return <input aria-label="Name" />;
}

function PageWithKeys() {
  useShortcuts([
    { keys: 't', does: 'Something of the page', run: run.here },
    { keys: 'Shift+X', does: 'Select to here', run: run.range },
  ]);
  return null;
}

beforeEach(() => {
  localStorage.clear();
  vi.clearAllMocks();
  document.addEventListener('keydown', onKeyDown);
});
afterEach(() => {
  document.removeEventListener('keydown', onKeyDown);
});

test('two keys in a row go to a page, and one alone does nothing', async () => {
  const { user } = renderApp(<Everywhere />);
  await user.keyboard('e');
  expect(run.deals).not.toHaveBeenCalled();
  await user.keyboard('ge');
  expect(run.deals).toHaveBeenCalledTimes(1);
});

test('letters belong to a field while it has the focus', async () => {
  const { user, getByLabelText } = renderApp(<Everywhere />);
  await user.type(getByLabelText('Name'), 't');
  expect(run.theme).not.toHaveBeenCalled();
});

test('a page that is shown wins over the app, and gives its keys back', async () => {
  const { user, rerender } = renderApp(<Everywhere />);
  const page = renderApp(<PageWithKeys />);
  await user.keyboard('t');
  expect([run.here.mock.calls.length, run.theme.mock.calls.length]).toEqual([1, 0]);
  page.unmount();
  await user.keyboard('t');
  expect([run.here.mock.calls.length, run.theme.mock.calls.length]).toEqual([1, 1]);
  rerender(<></>);
});

test('capital letters and combinations with Ctrl are keys of their own', async () => {
  const { user } = renderApp(<PageWithKeys />);
  await user.keyboard('{Shift>}X{/Shift}');
  expect(run.range).toHaveBeenCalledTimes(1);
  await user.keyboard('{Control>}t{/Control}');
  expect(run.here).not.toHaveBeenCalled();
});

test('single keys can be switched off', async () => {
  const { user } = renderApp(<Everywhere />);
  act(() => {
    switchKeys(false);
  });
  await user.keyboard('t');
  expect(run.theme).not.toHaveBeenCalled();
  act(() => {
    switchKeys(true);
  });
  await user.keyboard('t');
  expect(run.theme).toHaveBeenCalledTimes(1);
});
