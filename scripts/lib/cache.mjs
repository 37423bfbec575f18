import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { npm } from './project.mjs';

/** Where the downloads of tests and demo are kept between runs: outside the project, 0.3 to 0.6 GB each. */
export function cacheFolder() {
  return process.env['PROMPT_AUDIT_CACHE'] || path.join(homedir(), '.cache', 'prompt-audit-trail');
}

/**
 * Makes a folder of the cache with `fill`, unless it is there and `isWhole` agrees. It gets its name
 * only when it is filled, so an interrupted run leaves nothing that looks whole.
 */
export async function cached(name, isWhole, fill) {
  const cache = cacheFolder();
  const target = path.join(cache, name);
  if (isWhole(target)) return target;
  mkdirSync(cache, { recursive: true });
  removeLeftovers(cache, name);
  const temporary = path.join(cache, `${name}.tmp-${process.pid}`);
  mkdirSync(temporary);
  try {
    await fill(temporary);
    if (!isWhole(temporary)) throw new Error(`${name} was installed, but a file of it is missing.`);
    // Another run may have been faster; what it made is as good.
    if (!isWhole(target)) {
      rmSync(target, { recursive: true, force: true });
      renameSync(temporary, target);
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/** Installs packages from npm into an empty folder, without their install scripts. */
export async function npmInstall(folder, args) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Else npm would look upwards for a project to install into.
  const result = await npm(['install', `--prefix=${folder}`, ...quiet, ...args], {
    cwd: folder,
    capture: true,
    env: withoutNpmSettings(),
  });
  if (result.status !== 0)
    throw new Error(`npm install ${args.join(' ')} failed:\n${result.output.trim()}`);
}

/** `npm test` hands its own settings of this project down; another folder must not get them. */
function withoutNpmSettings() {
  const own = /^npm_(config_local_prefix|config_prefix|package_|lifecycle_|command)/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function removeLeftovers(cache, name) {
  for (const entry of readdirSync(cache)) {
    if (!entry.startsWith(`${name}.tmp-`)) continue;
    if (!isRunning(Number(entry.slice(`${name}.tmp-`.length))))
      rmSync(path.join(cache, entry), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A check for `cached`: these files are there. */
export function hasFiles(...files) {
  return (folder) => files.every((file) => existsSync(path.join(folder, file)));
}
