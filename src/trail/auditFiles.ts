import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '../ledger/diskErrors.js';
import type { TrailContext } from './context.js';
import { leftOutPolicy, signersPath } from './policySource.js';
import { policyPath } from './protectedBranch.js';
import { auditFolder, type Site } from './site.js';

/** Paths, from the root, of files that were not there before. */
export type Written = readonly string[];

/** The policy's text, also where a sparse checkout leaves it out; null where there is none. */
export async function policyOnDisk(site: Site): Promise<string | null> {
  const path = join(site.root, policyPath);
  if (!(await exists(path))) return leftOutPolicy(site);
  return onDisk(path, () => readFile(path, 'utf8'));
}

/** The ledger travels on its own branch, so no code branch may hold it (DESIGN.md §2). */
export async function writeIgnoreFile(site: Site): Promise<Written> {
  const path = `${auditFolder}/.gitignore`;
  // git reads one that a sparse checkout leaves out from its index.
  const leftOut = await site.git?.leftOut([path]);
  const isLeftOut = leftOut !== undefined && leftOut.size > 0;
  await makeFolder(site);
  return isLeftOut ? [] : writeNew(site, path, ignoreText);
}

/** The policy of a new ledger, and a file for the keys of people, where the user has none. */
export async function writePolicyFiles(site: Site, policy: string): Promise<Written> {
  const wrote = await writeNew(site, policyPath, policy);
  return [...wrote, ...(await writeNew(site, signersPath, signersText))];
}

/**
 * Where there is no policy, the one adopted last, with the keys that were adopted with it: byte for byte, so that
 * git merges them with what others commit, and nobody adopts anything by joining. Nothing where the ledger has none.
 */
export async function restorePolicyFiles({ site, state }: TrailContext): Promise<Written> {
  const adopted = state.policies.findLast(({ event }) => event.body !== null)?.event.body;
  if (adopted == null || (await policyOnDisk(site)) !== null) return [];
  const ignored = await writeIgnoreFile(site);
  const policy = await writeNew(site, policyPath, adopted.policy);
  const { allowedSigners } = adopted;
  const keys = allowedSigners === null ? [] : await writeNew(site, signersPath, allowedSigners);
  return [...ignored, ...policy, ...keys];
}

async function makeFolder(site: Site): Promise<void> {
  const folder = join(site.root, auditFolder);
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
}

/** Nothing where a file is there already. */
async function writeNew(site: Site, path: string, text: string): Promise<Written> {
  const file = join(site.root, path);
  return onDisk(file, () =>
    writeFile(file, text, { flag: 'wx' }).then(
      () => [path],
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return [];
        throw error;
      },
    ),
  );
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const ignoreText = `# The ledger travels on a branch of its own; see README.md of the branch prompt-audit.
ledger.sqlite
ledger.*.sqlite
*.abandoned-*
volumes/
cache/
# What a folder without git keeps here:
journal.jsonl
journal.damaged-*.jsonl
lock
sync-problem.json
writer.json
clone.json
drafts/
*.tmp
`;

const signersText = `# Whose SSH key is whose, in the OpenSSH format of allowed_signers:
# ana@clinic.example namespaces="prompt-audit" ssh-ed25519 AAAA…
`;
