import { expect, test } from 'vitest';
import { guideOf } from './guides';

const HEAD = '# Title\n\nFor somebody.\n\n';

test('turns Markdown into data', () => {
  const guide = guideOf(
    'a',
    `${HEAD}## Part\n\nPress \`F\` & see **Deals**, [more](administer.md).`,
  );

  expect(guide).toEqual({
    slug: 'a',
    title: 'Title',
    lede: [{ kind: 'text', text: 'For somebody.' }],
    blocks: [
      { kind: 'heading', text: 'Part' },
      {
        kind: 'paragraph',
        words: [
          { kind: 'text', text: 'Press ' },
          { kind: 'key', text: 'F' },
          { kind: 'text', text: ' & see ' },
          { kind: 'strong', text: 'Deals' },
          { kind: 'text', text: ', ' },
          { kind: 'link', to: '/help/administer', text: 'more' },
          { kind: 'text', text: '.' },
        ],
      },
    ],
  });
});

test.each([
  ['raw HTML', '<script>alert(1)</script>'],
  ['HTML in a line', 'Press <b>here</b>.'],
  ['an image', '![x](https://elsewhere.example/x.png)'],
  ['a link elsewhere', '[x](https://elsewhere.example)'],
  ['a script as a link', '[x](javascript:alert(1))'],
])('refuses %s', (_what, markdown) => {
  expect(() => guideOf('a', HEAD + markdown)).toThrow('a.md');
});

test('refuses a guide that does not say for whom it is', () => {
  expect(() => guideOf('a', '# Title\n\n- point')).toThrow('a.md begins with');
});
