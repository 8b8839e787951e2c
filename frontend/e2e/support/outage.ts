/**
 * Takes parts of the running product away and gives them back.
 *
 * The product brings back what dies, so: the API is killed, and is away for as long as it takes to
 * start; the worker is stopped in its tracks; the database's socket is moved and its sessions are
 * ended, which is what a server that is down looks like from outside.
 */
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from './stack';

type Process = { pid: number; parent: number; words: string };

function processes(): Process[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, pid, parent, words]) => ({
      pid: Number(pid),
      parent: Number(parent),
      words: words ?? '',
    }));
}

function childOf(parent: number | undefined, words: RegExp): number {
  const found = processes().find((each) => each.parent === parent && words.test(each.words));
  if (found === undefined)
    throw new Error(`process ${String(parent)} has no child ${words.source}`);
  return found.pid;
}

export function killApi({ pids }: Facts): void {
  process.kill(childOf(pids['pulse'], /uvicorn/), 'SIGKILL');
}

/** Stops the worker with all its processes, and returns what lets it go on. */
export function stopWorker({ pids }: Facts): () => void {
  const group = -childOf(pids['pulse'], /celery .*\bworker\b/);
  process.kill(group, 'SIGSTOP');
  return () => {
    process.kill(group, 'SIGCONT');
  };
}

/** Makes the database unreachable, and returns what brings it back. */
export function takeDatabaseAway({ pids, database_url: url }: Facts): () => void {
  const folder = /[?&]host=([^&]+)/.exec(url)?.[1];
  if (folder === undefined) throw new Error('the database of a demo listens on a socket');
  const socket = join(decodeURIComponent(folder), '.s.PGSQL.5432');
  const away = `${socket}.away`;
  renameSync(socket, away);
  const server = pids['postgresql'];
  for (const { pid, parent, words } of processes()) {
    if (parent === server && words.includes('[local]')) process.kill(pid, 'SIGTERM');
  }
  return () => {
    renameSync(away, socket);
  };
}
