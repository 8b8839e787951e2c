/**
 * The whole product on a simulated CRM, as `make demo` runs it: for tests that look at it from the
 * browser. Each has a home and ports of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { User } from './users.mjs';

const BACKEND = new URL('../../../backend', import.meta.url).pathname;
/** Written by a demo into its home once all is up and synced. */
const RESULT = 'demo.json';
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/** What `demo.json` says of a running demo. */
export type Facts = {
  api_url: string;
  database_url: string;
  simulator: {
    control_url: string;
    organisation: { company_name: string };
    client_id: string;
    client_secret: string;
  };
  users: User[];
  pids: Record<string, number>;
};

export type Stack = { facts: Facts; stop: () => Promise<void> };

/** Starts a demo and returns when it is up and synced. Throws with its output if it fails. */
export async function startStack(options: { deals: number; activity: number }): Promise<Stack> {
  // Not below a private folder: PostgreSQL runs as another account where we are root.
  const folder = mkdtempSync('/var/tmp/pulse-e2e-');
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  const output = join(folder, 'output');
  const demo = spawn(join(BACKEND, '.venv/bin/python'), ['-m', 'demo'], {
    cwd: BACKEND,
    env: {
      ...process.env,
      PULSE_HOME: home,
      PORT: String(await freePort()),
      SIM_PORT: String(await freePort()),
      DEALS: String(options.deals),
      ACTIVITY: String(options.activity),
      PAST_DAYS: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(output);
  demo.stdout.pipe(log, { end: false });
  demo.stderr.pipe(log, { end: false });
  const stop = async (): Promise<void> => {
    await stopped(demo);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { facts: await factsOf(demo, home, output), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns what the demo that runs on a home says of itself. */
export const factsIn = (home: string): Facts =>
  JSON.parse(readFileSync(join(home, RESULT), 'utf8')) as Facts;

async function factsOf(demo: ChildProcess, home: string, output: string): Promise<Facts> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!existsSync(join(home, RESULT))) {
    if (demo.exitCode !== null || Date.now() > deadline) {
      throw new Error(`The demo did not come up:\n${readFileSync(output, 'utf8')}`);
    }
    await after(POLL_MS);
  }
  return factsIn(home);
}

async function stopped(demo: ChildProcess): Promise<void> {
  if (demo.exitCode !== null || demo.signalCode !== null) return;
  demo.kill('SIGTERM');
  await once(demo, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
