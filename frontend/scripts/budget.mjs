// @ts-check
/**
 * Fails if the first load of the app brings more JavaScript than it may, compressed.
 *
 * Counted are the scripts that the app's page names and all that they import at once, as the
 * build's manifest tells; what a route loads when it is opened is printed beside it.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const MOST_KB = 350;
const BUILT = new URL('../dist/', import.meta.url);

/** @typedef {{ file: string, src?: string, isDynamicEntry?: boolean, imports?: string[] }} Chunk */

/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', BUILT), 'utf8'));

/**
 * Returns the files that are there once a chunk runs.
 *
 * @param {string} name
 * @param {Set<string>} [files]
 */
function filesOf(name, files = new Set()) {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`The build's manifest has no ${name}.`);
  if (!files.has(chunk.file)) {
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) filesOf(imported, files);
  }
  return files;
}

/** @param {Iterable<string>} files */
function kilobytes(files) {
  let bytes = 0;
  for (const file of files)
    bytes += gzipSync(readFileSync(new URL(file, BUILT)), { level: 9 }).length;
  return bytes / 1_000;
}

const first = filesOf('index.html');
const firstKb = kilobytes(first);
console.log(`first load: ${firstKb.toFixed(1)} KB of JavaScript, compressed; at most ${MOST_KB}`);
for (const [name, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || chunk.src === undefined) continue;
  const own = [...filesOf(name)].filter((file) => !first.has(file));
  console.log(`  ${chunk.src}: ${kilobytes(own).toFixed(1)} KB more`);
}
if (firstKb > MOST_KB) {
  console.error(
    'Load what the first page does not need when it is needed: see src/app/routes.tsx.',
  );
  process.exitCode = 1;
}
