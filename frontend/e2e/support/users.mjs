// @ts-check
/** The demo's log-ins, as `make demo` writes them into its home. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ email: string, password: string, role: "viewer" | "editor" | "admin" }} User */

/** Returns the file in which a running demo says what it consists of. */
function demoFile(env = process.env) {
  const byDefault =
    process.getuid?.() === 0
      ? '/var/tmp/pipeline-pulse'
      : join(homedir(), '.local/share/pipeline-pulse');
  return join(env.PULSE_HOME ?? byDefault, 'demo.json');
}

/**
 * Returns the log-in of a role. Throws if no demo runs on PULSE_HOME.
 *
 * @param {string} role
 * @param {string} [file]
 * @returns {User}
 */
export function userOf(role, file = demoFile()) {
  if (!existsSync(file)) {
    throw new Error(
      `${file} is not there. Start a demo, or set PULSE_HOME to that of a running one.`,
    );
  }
  /** @type {{ users: User[] }} */
  const { users } = JSON.parse(readFileSync(file, 'utf8'));
  const found = users.find((user) => user.role === role);
  if (found === undefined) {
    throw new Error(
      `${file} has no user of role ${role}; it has ${users.map((u) => u.role).join(', ')}.`,
    );
  }
  return found;
}
