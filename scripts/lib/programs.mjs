import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { run } from './project.mjs';

/** Programs that some tests run, the Debian packages that have them, and the kinds of suites that need them. */
const wanted = [
  ['python3', 'python3', ['agreement', 'engine']],
  ['ssh-keygen', 'openssh-client', ['agreement', 'engine', 'sync']],
  ['sqlite3', 'sqlite3', ['agreement', 'engine', 'sync']],
  ['sshd', 'openssh-server', ['sync']],
];

/** Installs what these kinds of suites lack of Python, OpenSSH and SQLite's shell where that is possible; elsewhere says what is missing. */
export async function ensurePrograms(kinds, log = console.log) {
  const missing = wanted
    .filter(([name, , needing]) => needing.some((kind) => kinds.has(kind)) && !isOnPath(name))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  if (!canInstall())
    throw new Error(
      `Some tests need ${missing.join(' and ')}. On Debian and Ubuntu: sudo apt-get install ${missing.join(' ')}`,
    );
  await install(missing, log);
}

/** Whether this process may install Debian packages. */
export const canInstall = () => process.getuid?.() === 0 && isProgram('/usr/bin/apt-get');

/** Installs Debian packages without their recommendations. */
export async function install(packages, log = console.log) {
  log(`Installing ${packages.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await apt(['update'], env);
  await apt(['install', '-y', '--no-install-recommends', ...packages], env);
}

async function apt(args, env) {
  const { status, output } = await run('/usr/bin/apt-get', args, { capture: true, env });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output}`);
}

const isOnPath = (name) =>
  // Servers lie where only root's PATH leads.
  [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'].some((folder) =>
    isProgram(path.join(folder, name)),
  );

export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
