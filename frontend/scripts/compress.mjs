// @ts-check
/**
 * Finishes a build: writes each text file of `dist` in brotli and gzip beside it, and puts the
 * whole into the Python package, from where the API serves it. The folder changes at once.
 */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const BUILT = new URL('../dist', import.meta.url).pathname;
const SHIPPED = new URL('../../backend/src/pulse/api/static', import.meta.url).pathname;
const TEXTS = new Set(['.css', '.js', '.json', '.svg', '.txt']);
// Smaller ones fit into one packet as they are.
const SMALLEST_BYTES = 1_024;

for (const entry of readdirSync(BUILT, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !TEXTS.has(extname(path))) continue;
  const content = readFileSync(path);
  if (content.length < SMALLEST_BYTES) continue;
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  );
  writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}

const next = `${SHIPPED}.next`;
const former = `${SHIPPED}.former`;
for (const folder of [next, former]) rmSync(folder, { recursive: true, force: true });
cpSync(BUILT, next, { recursive: true, filter: (path) => !path.endsWith('/.vite') });
if (existsSync(SHIPPED)) renameSync(SHIPPED, former);
renameSync(next, SHIPPED);
rmSync(former, { recursive: true, force: true });
