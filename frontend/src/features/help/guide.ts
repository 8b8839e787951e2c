/** A guide as the build makes it out of Markdown. */
export type Words = (
  { kind: 'text' | 'strong' | 'key'; text: string } | { kind: 'link'; to: string; text: string }
)[];

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; words: Words }
  | { kind: 'list'; isOrdered: boolean; items: Words[] }
  | { kind: 'table'; head: Words[]; rows: Words[][] };

export type Guide = { slug: string; title: string; lede: Words; blocks: Block[] };
