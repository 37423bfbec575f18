import { statSync } from 'node:fs';
import path from 'node:path';
import { npm, root } from './project.mjs';

/** Installs the dependencies where they are missing or older than package-lock.json. */
export async function ensureInstalled(log = console.log) {
  // npm writes this file last, so an interrupted install is seen too.
  const installed = modified('node_modules/.package-lock.json');
  const wanted = modified('package-lock.json');
  if (installed !== null && (wanted === null || installed >= wanted)) return;
  log('Installing the development dependencies (npm ci) …');
  const result = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.status !== 0)
    throw new Error('npm ci failed. Check the network and the messages above, then run it again.');
}

function modified(file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? null;
}
