import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder that holds package.json. The tests have this module in CommonJS bundles of theirs. */
export const root = folderAbove(import.meta.dirname ?? __dirname);

function folderAbove(folder) {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('There is no package.json above this script.');
  return folderAbove(parent);
}

export function packageJson() {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
}

export function vsixName(manifest) {
  return `${manifest.name}-${manifest.version}.vsix`;
}

/** The path of a development tool's entry script, such as bin('typescript', 'bin/tsc'). */
export function tool(packageName, script) {
  return path.join(root, 'node_modules', packageName, script);
}

/**
 * Runs a program without a shell and waits for it.
 * With `capture` its output is returned instead of shown. With `timeout` (milliseconds) it and all
 * that it started are ended when the time is over.
 * @returns {Promise<{ status: number, output: string, timedOut: boolean }>}
 */
export function run(
  command,
  args,
  { cwd = root, env = process.env, capture = false, timeout } = {},
) {
  return new Promise((resolve, reject) => {
    const ownGroup = timeout !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd,
      env,
      detached: ownGroup,
      stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
    });
    let output = '';
    let timedOut = false;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            // First politely: what it started in groups of their own can only be ended by itself.
            endGroup(child, 'SIGTERM');
            setTimeout(() => endGroup(child), 5000).unref();
          }, timeout);
    const forget = ownGroup ? endWithUs(child) : () => {};
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => {
      clearTimeout(timer);
      forget();
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      forget();
      resolve({ status: code ?? 1, output, timedOut });
    });
  });
}

/** Ends a child and what it started; the child must have been started with `detached`. */
export function endGroup(child, signal = 'SIGKILL') {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * A group of its own does not get the terminal's Ctrl+C, so pass the end on. First politely, because
 * the child has to end what it started in further groups. Returns an undo.
 */
export function endWithUs(child) {
  const onExit = () => endGroup(child);
  const onSignal = (signal) => {
    const status = signal === 'SIGINT' ? 130 : 143;
    child.once('exit', () => process.exit(status));
    endGroup(child, 'SIGTERM');
    setTimeout(() => process.exit(status), 5000);
  };
  process.once('exit', onExit);
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  return () => {
    process.off('exit', onExit);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}

/** Runs npm, also where it is a .cmd file, which can't be started without a shell. */
export function npm(args, options = {}) {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js') || script?.endsWith('.cjs'))
    return run(process.execPath, [script, ...args], options);
  if (process.platform === 'win32')
    return run(process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options);
  return run('npm', args, options);
}

/** Paths of all files under a folder of the project, relative to the project, with slashes, sorted. */
export function filesUnder(folder) {
  const full = path.join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}
