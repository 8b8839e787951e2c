// @ts-check
/**
 * Finds the browser that tests and pictures run in, and installs Debian's where there is none.
 *
 * Looked for in this order: $CHROMIUM, the PATH, Playwright's own cache. As a program
 * (`node e2e/support/browser.mjs`) it also installs, as root, Debian's package, and prints the path.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const ADVICE = `Install Chromium or Chrome, then either put it on the PATH or set CHROMIUM to its path.
On Debian and Ubuntu: sudo apt-get install chromium. Elsewhere: npx playwright install chromium.`;

/** Arguments that keep Chromium quiet, alone, and able to start as root. */
export const BROWSER_ARGUMENTS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  // Root has no user namespace to put the sandbox in.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the path of a Chromium that is there, or undefined. Throws if $CHROMIUM names none.
 *
 * Settings are read with this one: tools that only look at them need no browser.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findBrowser(env = process.env) {
  if (env.CHROMIUM) {
    if (!isProgram(env.CHROMIUM)) {
      throw new Error(`CHROMIUM is ${env.CHROMIUM}, which is no program.\n${ADVICE}`);
    }
    return env.CHROMIUM;
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, chromium.executablePath()].find(isProgram);
}

/**
 * Returns the path of a Chromium. Throws with what to do if there is none.
 *
 * @returns {string}
 */
export function browserPath() {
  const found = findBrowser();
  if (found === undefined) {
    throw new Error(`No browser was found.\n${ADVICE}`);
  }
  return found;
}

/** Installs Debian's Chromium where that needs nobody's password, and returns its path. */
function installedBrowserPath() {
  if (findBrowser() === undefined && process.getuid?.() === 0 && isProgram('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const words of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
      execFileSync('apt-get', ['--quiet', '--quiet', ...words], { env, stdio: ['ignore', 2, 2] });
    }
  }
  return browserPath();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${installedBrowserPath()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
