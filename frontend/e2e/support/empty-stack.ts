/** The product with no CRM connected: what an admin sees on the first day. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './stack';
import type { User } from './users.mjs';

const PULSE = new URL('../../../backend/.venv/bin/pulse', import.meta.url).pathname;
const PASSWORD = 'first-day-of-all';
const START_TIMEOUT_MS = 120_000;

export type EmptyStack = { url: string; admin: User; stop: () => Promise<void> };

/** Starts it in a home of its own, and adds its first admin. */
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
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    const [line] = (await once(createInterface(up.stdout), 'line', { signal })) as [string];
    const { api_url: url } = JSON.parse(line) as { api_url: string };
    const admin: User = { email: 'admin@demo.test', password: PASSWORD, role: 'admin' };
    execFileSync(
      PULSE,
      ['user', 'add', admin.email, '--name', 'Ada Admin', '--role', 'admin', '--password-stdin'],
      { env, input: `${PASSWORD}\n` },
    );
    return { url, admin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
