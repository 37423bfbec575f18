import { PromptAuditError } from '../core/errors.js';
import { objectIdLength } from './blobId.js';
import { gitObject, packOf, treeObject, type GitObject } from './gitObject.js';
import { durable, neutralIdentity } from './ledgerCommit.js';
import {
  emptyTree,
  ledgerFileNames,
  readLedgerTree,
  withFiles,
  type LedgerTree,
} from './ledgerTree.js';
import { assertObjectId } from './names.js';
import { Quarantine } from './quarantine.js';
import { gitText } from './runGit.js';

export interface LedgerCommitInput {
  readonly parent: string | null;
  /** What the parent holds, where it was read before. */
  readonly tree?: LedgerTree;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly message: string;
}

/** A commit whose objects are in quarantine until it is known that they are needed. */
export interface StagedCommit {
  readonly commit: string;
  readonly tree: LedgerTree;
  /** With this git sees the commit. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes its objects the repository's own. Throws `disk.full`, `disk.readOnly`. */
  keep(): Promise<void>;
  /** To be called in any case, at the end. */
  drop(): Promise<void>;
}

/**
 * Makes a commit of these files on top of `parent`, whose other files it keeps. No ref changes, and nothing
 * stays of it unless it is kept. Throws `git.failed`, `disk.full`, `disk.readOnly`.
 */
export async function stageLedgerCommit(
  { root, commonDir }: { readonly root: string; readonly commonDir: string },
  input: LedgerCommitInput,
): Promise<StagedCommit> {
  const { objects, tree } = await objectsOf(root, input);
  const commit = objects.at(-1)!.id;
  const quarantine = await Quarantine.open(commonDir);
  try {
    await writeObjects(root, objects, quarantine.env);
  } catch (error) {
    await quarantine.drop();
    throw error;
  }
  return {
    commit,
    tree,
    env: quarantine.env,
    keep: () => quarantine.keep(objects.map(({ id }) => id)),
    drop: () => quarantine.drop(),
  };
}

/** As stageLedgerCommit, kept at once; gives its id. */
export async function writeLedgerCommit(
  repository: { readonly root: string; readonly commonDir: string },
  input: LedgerCommitInput,
): Promise<string> {
  const staged = await stageLedgerCommit(repository, input);
  try {
    await staged.keep();
    return staged.commit;
  } finally {
    await staged.drop();
  }
}

/** What the commit needs and its parent may not have: what is pointed at before what points at it. */
async function objectsOf(
  root: string,
  input: LedgerCommitInput,
): Promise<{ readonly objects: readonly GitObject[]; readonly tree: LedgerTree }> {
  const { parent, files, message } = input;
  if (parent !== null) assertObjectId(parent);
  for (const name of files.keys()) if (!ledgerFileNames.test(name)) throw noLedgerFile(name);
  const before = input.tree ?? (parent === null ? emptyTree : await readLedgerTree(root, parent));
  const length = parent?.length ?? (await objectIdLength(root));
  const blobs = new Map(
    [...files].map(([name, bytes]) => [name, gitObject('blob', bytes, length)]),
  );
  const ids = new Map([...blobs].map(([name, { id }]) => [name, id]));
  const tree = withFiles(before, ids);
  const { top, volumes } = tree;
  const folder = volumes.size > 0 ? [treeObject(volumes, length)] : [];
  const entries = new Map(top);
  for (const { id } of folder) entries.set('volumes', { mode: '040000', id });
  const whole = treeObject(entries, length);
  const commit = gitObject('commit', commitBytes(whole.id, parent, message), length);
  return { objects: [...blobs.values(), ...folder, whole, commit], tree };
}

function commitBytes(tree: string, parent: string | null, message: string): Uint8Array {
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email } = neutralIdentity;
  const who = `${name} <${email}> ${Math.floor(Date.now() / 1000)} +0000`;
  const lines = [
    `tree ${tree}`,
    ...(parent === null ? [] : [`parent ${parent}`]),
    `author ${who}`,
    `committer ${who}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${message}\n`, 'utf8');
}

/** All in one run of git, which checks them and knows how this repository keeps objects. */
async function writeObjects(
  root: string,
  objects: readonly GitObject[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await gitText({
    folder: root,
    doing: 'store the ledger',
    // Not quiet: simple-git waits 50 ms for the output of a silent program.
    args: ['unpack-objects'],
    config: durable,
    input: await packOf(objects, objects[0]!.id.length),
    env,
  });
}

function noLedgerFile(name: string): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: `${JSON.stringify(name)} is no file of the ledger branch.`,
    remedy: 'This is a mistake in the program. Please report it.',
  });
}
