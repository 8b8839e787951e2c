import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ChangeItem, ChangeList } from './timeline';

test('a change tells the values that there are, from the old to the new', () => {
  render(
    <ChangeList>
      <ChangeItem name="Stage" before="Proposal" after="Won" />
      <ChangeItem name="Role" before={null} after="editor" />
      <ChangeItem name="Token" before="nightly export" after={null} />
    </ChangeList>,
  );

  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Stage Proposal → Won',
    'Role editor',
    'Token nightly export',
  ]);
});

test('a long value is cut, and whole on hover', () => {
  const text = `${'word '.repeat(16)}and more`;
  render(<ChangeItem name="Description" before={null} after={text} />);

  const shown = screen.getByText(/^word/);
  expect(shown).toHaveTextContent(new RegExp(`^${'word '.repeat(16).trimEnd()}…$`));
  expect(shown).toHaveAttribute('title', text);
});
