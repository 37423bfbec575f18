import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWithLogin, type Login } from './login.js';
import { runGit } from './runGit.js';

/** Seconds after which git forgets the answers by itself, should this process be killed. */
const forgottenAfter = 600;

/**
 * While `work` runs, its git may ask through this login when it talks to a remote: once, though git runs
 * several times. Its answers are in the memory of git's own `credential-cache` until `work` ends, beside what
 * the user's own helpers do with them. Without a login nothing is different.
 */
export async function withLogin<T>(login: Login | null, work: () => Promise<T>): Promise<T> {
  if (login === null) return work();
  const folder = await mkdtemp(join(tmpdir(), 'prompt-audit-'));
  const socket = join(folder, 'login');
  try {
    return await runWithLogin({ env: login.env, memory: memoryAt(socket) }, work);
  } finally {
    await forget(folder, socket);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The helper as git's configuration names it, which a shell takes apart; null where that could go wrong. */
function memoryAt(socket: string): string | null {
  const path = socket.replaceAll('\\', '/');
  return path.includes("'") ? null : `cache --timeout=${forgottenAfter} --socket='${path}'`;
}

/** A git without that helper has nothing to forget, and one that fails forgets when its time is over. */
async function forget(folder: string, socket: string): Promise<void> {
  await runGit({
    folder,
    doing: 'forget the login',
    args: ['credential-cache', `--socket=${socket}`, 'exit'],
  }).catch(() => undefined);
}
