/** The product with no CRM connected: what an admin sees on the first day. */
import { execFileSync, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { freePort } from './stack';
import type { User } from './users.mjs';

const PULSE = new URL('../../../backend/.venv/bin/pulse', import.meta.url).pathname;
const PASSWORD = 'first-day-of-all';
const START_TIMEOUT_MS = 120_000;

export type EmptyStack = {
  url: string;
  admin: User;
  /** Lets somebody in whom the first admin did not invite through the app. */
  addUser: (role: User['role'], name: string) => User;
  stop: () => Promise<void>;
};

/** Starts it in a home of its own, and adds its first admin, Ada Admin. */
export async function startEmptyStack(): Promise<EmptyStack> {
  const folder = mkdtempSync('/var/tmp/pulse-e2e-');
  chmodSync(folder, 0o755);
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('ZOHO_'));
  const env = {
    ...Object.fromEntries(own),
    PULSE_HOME: join(folder, 'home'),
    PORT: String(await freePort()),
  };
  const up = spawn(PULSE, ['up', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async (): Promise<void> => {
    if (up.exitCode === null) {
      up.kill('SIGTERM');
      await once(up, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(up.stdout);
    const addUser: EmptyStack['addUser'] = (role, name) => {
      const user: User = { email: `${role}@demo.test`, password: PASSWORD, role };
      execFileSync(
        PULSE,
        ['user', 'add', user.email, '--name', name, '--role', role, '--password-stdin'],
        { env, input: `${PASSWORD}\n` },
      );
      return user;
    };
    return { url, admin: addUser('admin', 'Ada Admin'), addUser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads what the command tells, a line an event, until it says where the product is. */
async function addressOf(told: Readable): Promise<string> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  for await (const [line] of on(createInterface(told), 'line', { signal, close: ['close'] })) {
    const event = JSON.parse(String(line)) as { api_url?: string };
    if (event.api_url !== undefined) return event.api_url;
  }
  throw new Error('The product ended before it was up.');
}
