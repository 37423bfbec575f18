import { PromptAuditError } from '../core/errors.js';
import { gitFailed } from './gitErrors.js';
import { ledgerFileNames } from './ledgerTree.js';
import { assertObjectId, isObjectId } from './names.js';
import { listTree, readObjects, type TreeEntry } from './objects.js';
import { runUnlocked } from './refLock.js';
import { runGit, type GitCall } from './runGit.js';

/** Where this clone keeps the ledger: no branch, so no branch list shows it (DESIGN.md §2). */
export const localLedgerRef = 'refs/prompt-audit/ledger';

/** The commits of the ledger branch say nothing about who synced. */
export const neutralIdentity = {
  GIT_AUTHOR_NAME: 'Prompt Audit Trail',
  GIT_AUTHOR_EMAIL: 'prompt-audit@localhost',
  GIT_COMMITTER_NAME: 'Prompt Audit Trail',
  GIT_COMMITTER_EMAIL: 'prompt-audit@localhost',
};

/** The journal is trimmed by what these commits hold, so they must survive a power cut. */
export const durable = ['core.fsync=objects,reference'];

export interface LedgerFiles {
  readonly commit: string;
  /** Those that were asked for, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The ids of all files of the ledger in the commit, by name. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Of all files of one commit together, in bytes: a hostile commit must not fill the memory. */
const maxLedgerBytes = 1024 * 1024 * 1024;

/** What is read of a ledger commit unless told otherwise: all but the sealed volumes. */
const usualFiles: readonly string[] = ['ledger.sqlite', 'checkpoint', 'README.md'];

/**
 * Files of a ledger commit, by default of the one that the local ref names; null where there is none.
 * Files of other names are ignored. Throws `ledger.tooLarge`, `git.failed`.
 */
export async function readLedgerFiles(
  root: string,
  commit?: string,
  names: readonly string[] = usualFiles,
): Promise<LedgerFiles | null> {
  const id = commit ?? (await resolveRef(root, localLedgerRef));
  if (id === null) return null;
  assertObjectId(id);
  const all = (await listTree(root, id)).filter(isLedgerFile);
  const entries = all.filter(({ path }) => names.includes(path));
  const total = entries.reduce((sum, { size }) => sum + (size ?? 0), 0);
  if (total > maxLedgerBytes) throw tooLarge(id, total);
  const objects = await readObjects(
    root,
    entries.map((entry) => entry.id),
  );
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const bytes = objects.get(entry.id);
    if (bytes !== undefined) files.set(entry.path, bytes);
  }
  return { commit: id, files, blobs: new Map(all.map((entry) => [entry.path, entry.id])) };
}

/** Points the local ledger ref to a commit; with `expected` (null: not there) only if it stands there now. */
export async function moveLocalLedger(
  root: string,
  commit: string,
  expected: string | null | undefined,
): Promise<void> {
  assertObjectId(commit);
  if (typeof expected === 'string') assertObjectId(expected);
  const old = expected === null ? '0'.repeat(commit.length) : (expected ?? '');
  const call: GitCall = {
    folder: root,
    doing: 'move the local ledger ref',
    args: ['update-ref', '-z', '--stdin'],
    config: durable,
    env: neutralIdentity,
    input: `start\0update ${localLedgerRef}\0${commit}\0${old}\0commit\0`,
  };
  const outcome = await runUnlocked(call, localLedgerRef);
  if (outcome.exitCode !== 0) throw gitFailed(call, outcome);
}

/** The commit that a ref names; null where there is no such ref. */
export async function resolveRef(root: string, ref: string): Promise<string | null> {
  const call: GitCall = {
    folder: root,
    doing: `resolve ${ref}`,
    args: ['for-each-ref', '--format=%(refname) %(objectname)', '--', ref],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) throw gitFailed(call, outcome);
  const lines = outcome.stdout.toString('utf8').split('\n');
  const id = lines.find((line) => line.startsWith(`${ref} `))?.slice(ref.length + 1);
  return id !== undefined && isObjectId(id) ? id : null;
}

function isLedgerFile({ mode, path }: TreeEntry): boolean {
  return mode === '100644' && ledgerFileNames.test(path);
}

function tooLarge(commit: string, bytes: number): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.tooLarge',
    message: `The ledger in commit ${commit.slice(0, 12)} has ${Math.round(bytes / 1024 / 1024)} MB.`,
    remedy: 'No ledger gets so large by itself. Find out who pushed it.',
  });
}
