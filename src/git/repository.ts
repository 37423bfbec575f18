import type { Digest } from '../core/ids.js';
import { isAncestorCommit } from './ancestry.js';
import { listWorkFiles } from './fileList.js';
import { HeadCache } from './headCache.js';
import { committedPaths, textOfCommit } from './headFiles.js';
import { blobAtHead, lastCommitOf, type CommitInfo } from './history.js';
import { authorIdentity } from './identity.js';
import {
  moveLocalLedger,
  localLedgerRef,
  readLedgerFiles,
  resolveRef,
  type LedgerFiles,
} from './ledgerCommit.js';
import { ledgerHistory, type LedgerHistory } from './ledgerHistory.js';
import { readLedgerTree, type LedgerTree } from './ledgerTree.js';
import { fetchBranch, pushBranch, type Exchange, type Rejected } from './ledgerTransfer.js';
import { defaultBranchOf } from './defaultBranch.js';
import { locateRepository, type RepositoryPaths } from './locate.js';
import { looseRef } from './looseRef.js';
import { readProtectedBranch, type ProtectedFiles } from './protectedBranch.js';
import { remoteConfig, type Setting } from './remoteConfig.js';
import { askAgain, askOnce } from './oneAct.js';
import { chooseLedgerRemote, remoteNames } from './remotes.js';
import { transferSettings, type TransferSettings } from './transferSettings.js';
import {
  stageLedgerCommit,
  writeLedgerCommit,
  type LedgerCommitInput,
  type StagedCommit,
} from './stagedCommit.js';
import { leftOutFiles } from './sparse.js';
import { defaultMaxBytes, storedBytesOf, type StoredBytes } from './storedBytes.js';
import { presentTips } from './tips.js';
import { unmergedPaths } from './unmerged.js';
import { worktreeFolders } from './worktrees.js';

/** Told what was left out although nothing failed. */
type Warn = (message: string) => void;

/**
 * The repository whose work tree holds a folder; null where there is none (no git, a bare repository).
 * A file, or a folder that is not there yet, counts as the nearest folder above it. Throws `git.missing`
 * where a repository is but no git program, `git.failed` where git refuses the repository.
 */
export async function findRepository(folder: string, warn?: Warn): Promise<GitRepository | null> {
  const paths = await locateRepository(folder);
  return paths === null ? null : new GitRepository(paths, warn);
}

/** Whom git names as the acting person outside a repository. Throws `identity.missing`, `git.missing`. */
export function identityWithoutRepository(
  folder: string,
): Promise<{ name: string; email: string }> {
  return authorIdentity(folder);
}

/**
 * One work tree of a git repository. All methods may throw `git.missing`, `git.timeout`, `git.failed`,
 * `disk.full`, `disk.readOnly`. Nothing here touches the user's index, files, branches or configuration.
 */
export class GitRepository implements RepositoryPaths {
  /** Real absolute paths: the work tree, its git folder, and the one shared by all work trees. */
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly #warn: Warn | undefined;
  readonly #head: HeadCache;
  /** As read when the remote was chosen, for the fetch that follows. */
  #config: readonly Setting[] | undefined;
  /** As read by the last fetch, for the push that follows. */
  #settings: { readonly remote: string; readonly settings: TransferSettings } | null = null;
  /** What the last commit that was made here holds: most often the next one stands on it. */
  #newest: { readonly commit: string; readonly tree: LedgerTree } | null = null;

  constructor(paths: RepositoryPaths, warn?: Warn) {
    this.root = paths.root;
    this.gitDir = paths.gitDir;
    this.commonDir = paths.commonDir;
    this.#warn = warn;
    this.#head = new HeadCache(paths);
  }

  /** Whom git would name as author of a commit made now. Throws `identity.missing`. */
  identity(): Promise<{ name: string; email: string }> {
    return authorIdentity(this.root);
  }

  /** Existing files, tracked or not ignored: relative to the root, with `/`. Names that are no UTF-8 are left out. */
  async listFiles(): Promise<readonly string[]> {
    const { paths, unreadable } = await listWorkFiles(this.root);
    if (unreadable > 0)
      this.#warn?.(`${unreadable} files were left out: their names are not valid UTF-8.`);
    return paths;
  }

  /** The bytes that git would store for files on disk, each or its error (DESIGN.md §3). `maxBytes`: default 16 MB. */
  storedBytes(
    paths: readonly string[],
    { maxBytes = defaultMaxBytes }: { maxBytes?: number } = {},
  ): Promise<Map<string, StoredBytes>> {
    return storedBytesOf(this, paths, maxBytes);
  }

  /**
   * Of these paths those that a sparse checkout leaves out, with the index's bytes; null where a partial clone
   * does not have them. `fetch`: it asks its remote for them.
   */
  leftOut(
    paths: readonly string[],
    options?: { fetch?: boolean },
  ): Promise<ReadonlyMap<string, Uint8Array | null>> {
    return leftOutFiles(this.root, paths, options);
  }

  /** Of these paths those that stand in the index with conflicts. */
  unmerged(paths: readonly string[]): Promise<ReadonlySet<string>> {
    return unmergedPaths(this.root, paths);
  }

  /** The bytes of a file in HEAD; null where HEAD or the file is not there. */
  headBlob(path: string): Promise<Uint8Array | null> {
    return blobAtHead(this.root, path);
  }

  /** The newest commit of HEAD's history that touched a file, or null. */
  commitOf(path: string): Promise<CommitInfo | null> {
    return lastCommitOf(this.root, path);
  }

  /** The blob ids of these paths in HEAD; without those that it has not. */
  headFiles(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#head.files(paths);
  }

  /** The bytes of a file of a commit; null where this clone lacks the commit, or that the file. */
  textOf(commit: string, path: string): Promise<Uint8Array | null> {
    return textOfCommit(this.root, commit, path);
  }

  /** The digests of blobs by id; without those that are not here. */
  blobDigests(ids: readonly string[]): Promise<ReadonlyMap<string, Digest>> {
    return this.#head.digests(ids);
  }

  /** Of these paths those that a branch here has or had; walks the history. */
  committedPaths(paths: readonly string[]): Promise<ReadonlySet<string>> {
    return committedPaths(this.root, paths);
  }

  /** See presentTips in tips.ts. */
  tips(remote: string | null, except: readonly string[]): Promise<readonly string[]> {
    const name = tipsWithout(this.root, remote, except);
    return askOnce(name, () => presentTips(this.root, remote, except));
  }

  remotes(): Promise<readonly string[]> {
    return remoteNames(this.root);
  }

  /** The remote asked for, else the configured one, the pinned one, the upstream's, `origin`, the only one. Throws `sync.noRemote`. */
  async ledgerRemote(asked?: string, pinned?: string): Promise<string | null> {
    const config = await remoteConfig(this.root);
    this.#config = config;
    return chooseLedgerRemote(this.root, asked, pinned, config);
  }

  /**
   * Files of the remote's default branch, or of the one named, as last fetched; null where there is none.
   * `commit`: as of this commit of the branch named.
   */
  filesOnProtectedBranch(input: {
    remote: string;
    branch: string | null;
    paths: readonly string[];
    commit?: string;
  }): Promise<ProtectedFiles | null> {
    return readProtectedBranch(this.root, input);
  }

  /**
   * Files of a ledger commit, by default of the one that the local ledger ref names; null where there is
   * none. `names`: default all but the sealed volumes.
   */
  readLedger(commit?: string, names?: readonly string[]): Promise<LedgerFiles | null> {
    return readLedgerFiles(this.root, commit, names);
  }

  /** The commit that the local ledger ref names; null where there is none. */
  ledgerTip(): Promise<string | null> {
    return resolveRef(this.root, localLedgerRef);
  }

  /** The folders of all work trees of this clone. */
  worktrees(): Promise<readonly string[]> {
    return worktreeFolders(this.root);
  }

  /** The commits of the ledger branch behind `since` (null: all) up to `tip`, oldest first. */
  ledgerHistory(tip: string, since: string | null): Promise<LedgerHistory> {
    return ledgerHistory(this.root, tip, since);
  }

  /** The remote branch's commit now, with its objects; null where there is none. Throws `sync.offline`, `sync.refused`. */
  async fetchLedger(remote: string, branch: string): Promise<string | null> {
    const settings = await transferSettings(this.root, remote, this.#config);
    this.#config = undefined;
    this.#settings = { remote, settings };
    const { commonDir } = this;
    // The user may have committed while the remote was waited for.
    askAgain(tipsWithout(this.root, remote, [branch]));
    return fetchBranch(this.root, remote, branch, { whole: true, settings, commonDir });
  }

  /** The default branch of a remote, which is asked; null where it names none. Throws as fetchLedger. */
  defaultBranch(remote: string): Promise<string | null> {
    return defaultBranchOf(this.root, remote);
  }

  /** As fetchLedger for a branch of the user, which a partial clone takes with its filter. */
  fetchBranch(remote: string, branch: string): Promise<string | null> {
    return fetchBranch(this.root, remote, branch);
  }

  /** What a commit of the ledger branch holds, as far as the next one keeps it. */
  async ledgerTree(commit: string): Promise<LedgerTree> {
    return this.#newest?.commit === commit ? this.#newest.tree : readLedgerTree(this.root, commit);
  }

  /** A new commit of these files and of those others that the parent has. No ref changes. */
  commitLedger(input: LedgerCommitInput): Promise<string> {
    return writeLedgerCommit(this, input);
  }

  /** As commitLedger, in quarantine: it is this repository's only when it is kept. */
  async stageLedger(input: LedgerCommitInput): Promise<StagedCommit> {
    const staged = await stageLedgerCommit(this, input);
    this.#newest = staged;
    return staged;
  }

  /** Moves refs/prompt-audit/ledger; with `expectedOld` (null: not there) only from that commit. */
  async setLocalLedger(commit: string, expectedOld?: string | null): Promise<void> {
    const isThere =
      expectedOld === undefined && (await looseRef(this.commonDir, localLedgerRef)) === commit;
    if (!isThere) await moveLocalLedger(this.root, commit, expectedOld);
  }

  /** Never with force. `Rejected`: somebody was faster. Throws `sync.offline`, `sync.refused`, `sync.rewritten`. */
  pushLedger(
    remote: string,
    branch: string,
    commit: string,
    expectedOld: string | null = null,
    how?: Exchange,
  ): Promise<'pushed' | Rejected> {
    const known = this.#settings?.remote === remote ? this.#settings.settings : undefined;
    this.#settings = null;
    return pushBranch(this.root, remote, branch, commit, expectedOld, { settings: known, ...how });
  }

  /** Whether commit `a` is `b` (or `HEAD`) or an ancestor of it; false where this clone lacks one of them. */
  isAncestor(a: string, b: string): Promise<boolean> {
    return isAncestorCommit(this.root, a, b);
  }
}

const tipsWithout = (root: string, remote: string | null, except: readonly string[]): string =>
  JSON.stringify(['tips', root, remote, ...except]);
