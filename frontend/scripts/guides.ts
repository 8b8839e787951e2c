/**
 * The guides of `docs/guides` as data: read when the app is built, so that the browser gets neither
 * Markdown nor HTML. Whatever is more than headings, paragraphs, lists, tables and links fails the build.
 */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { lexer, type Token, type Tokens } from 'marked';
import type { Plugin } from 'vite';
import type { Block, Guide, Words } from '../src/features/help/guide';

const MODULE = 'virtual:guides';
const RESOLVED = `\0${MODULE}`;
/** In the order in which they are offered. */
const SLUGS = [
  'read-the-pipeline',
  'edit-deals',
  'change-many-deals',
  'follow-alerts',
  'opportunity-to-revenue',
  'export',
  'watch-the-sync',
  'administer',
];

/** Returns the guide that a Markdown text is. Throws on what a guide may not hold. */
export function guideOf(slug: string, markdown: string): Guide {
  const [heading, first, ...rest] = lexer(markdown).filter(({ type }) => type !== 'space');
  if (heading?.type !== 'heading' || first?.type !== 'paragraph') {
    throw new Error(`${slug}.md begins with a heading and one paragraph that says for whom it is.`);
  }
  return {
    slug,
    title: (heading as Tokens.Heading).text,
    lede: wordsOf(slug, first),
    blocks: rest.map((token) => blockOf(slug, token)),
  };
}

function blockOf(slug: string, token: Token): Block {
  switch (token.type) {
    case 'heading':
      return { kind: 'heading', text: (token as Tokens.Heading).text };
    case 'paragraph':
      return { kind: 'paragraph', words: wordsOf(slug, token) };
    case 'list': {
      const { ordered, items } = token as Tokens.List;
      return {
        kind: 'list',
        isOrdered: ordered,
        items: items.map((item) => item.tokens.flatMap((part) => wordsOf(slug, part))),
      };
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return {
        kind: 'table',
        head: header.map(({ tokens }) => inline(slug, tokens)),
        rows: rows.map((row) => row.map(({ tokens }) => inline(slug, tokens))),
      };
    }
    default:
      throw new Error(`${slug}.md: a guide may not hold ${token.type}: ${token.raw}`);
  }
}

function wordsOf(slug: string, token: Token): Words {
  const { tokens } = token as Tokens.Generic;
  return inline(slug, tokens ?? [token]);
}

function inline(slug: string, tokens: readonly Token[]): Words {
  return tokens.flatMap((token): Words => {
    switch (token.type) {
      case 'text':
        return token.tokens ? inline(slug, token.tokens) : [{ kind: 'text', text: plain(token) }];
      case 'escape':
        return [{ kind: 'text', text: plain(token) }];
      case 'strong':
      case 'em':
        return [{ kind: 'strong', text: plain(token) }];
      case 'codespan':
        return [{ kind: 'key', text: plain(token) }];
      case 'link':
        return [linkOf(slug, token as Tokens.Link)];
      default:
        throw new Error(`${slug}.md: a guide may not hold ${token.type}: ${token.raw}`);
    }
  });
}

const plain = (token: Token): string => (token as Tokens.Text).text.replaceAll('\n', ' ');

function linkOf(slug: string, { href, text }: Tokens.Link): Words[number] {
  const other = basename(href, '.md');
  if (href !== `${other}.md` || !SLUGS.includes(other)) {
    throw new Error(`${slug}.md: a guide links to other guides alone, not to ${href}`);
  }
  return { kind: 'link', to: `/help/${other}`, text };
}

/** Serves the guides as the module `virtual:guides`. */
export function guides(folder: string): Plugin {
  const files = SLUGS.map((slug) => ({ slug, file: resolve(folder, `${slug}.md`) }));
  return {
    name: 'guides',
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined;
      const found = files.map(({ slug, file }) => {
        this.addWatchFile(file);
        return guideOf(slug, readFileSync(file, 'utf8'));
      });
      return `export default ${JSON.stringify(found)};`;
    },
  };
}
