import { isAncestorCommit } from './ancestry.js';
import { listWorkFiles } from './fileList.js';
import { blobAtHead, lastCommitOf, type CommitInfo } from './history.js';
import { authorIdentity } from './identity.js';
import {
  moveLocalLedger,
  localLedgerRef,
  readLedgerFiles,
  resolveRef,
  writeLedgerCommit,
  type LedgerFiles,
} from './ledgerCommit.js';
import { ledgerHistory, type LedgerHistory } from './ledgerHistory.js';
import { fetchBranch, pushBranch } from './ledgerTransfer.js';
import { locateRepository, type RepositoryPaths } from './locate.js';
import { readProtectedBranch, type ProtectedFiles } from './protectedBranch.js';
import { chooseLedgerRemote, remoteNames } from './remotes.js';
import { defaultMaxBytes, storedBytesOf, type StoredBytes } from './storedBytes.js';

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

  constructor(paths: RepositoryPaths, warn?: Warn) {
    this.root = paths.root;
    this.gitDir = paths.gitDir;
    this.commonDir = paths.commonDir;
    this.#warn = warn;
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

  /** The bytes of a file in HEAD; null where HEAD or the file is not there. */
  headBlob(path: string): Promise<Uint8Array | null> {
    return blobAtHead(this.root, path);
  }

  /** The newest commit of HEAD's history that touched a file, or null. */
  commitOf(path: string): Promise<CommitInfo | null> {
    return lastCommitOf(this.root, path);
  }

  remotes(): Promise<readonly string[]> {
    return remoteNames(this.root);
  }

  /** The preferred remote, else the upstream's, else `origin`, else the only one. Throws `sync.noRemote`. */
  ledgerRemote(preferred?: string): Promise<string | null> {
    return chooseLedgerRemote(this.root, preferred);
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

  /** The commits of the ledger branch behind `since` (null: all) up to `tip`, oldest first. */
  ledgerHistory(tip: string, since: string | null): Promise<LedgerHistory> {
    return ledgerHistory(this.root, tip, since);
  }

  /** The remote branch's commit now, with its objects; null where there is none. Throws `sync.offline`, `sync.refused`. */
  fetchLedger(remote: string, branch: string): Promise<string | null> {
    return fetchBranch(this.root, remote, branch);
  }

  /** A new commit of these files and of those others that the parent has. No ref changes. */
  commitLedger(input: {
    parent: string | null;
    files: ReadonlyMap<string, Uint8Array>;
    message: string;
  }): Promise<string> {
    return writeLedgerCommit(this.root, input);
  }

  /** Moves refs/prompt-audit/ledger; with `expectedOld` (null: not there) only from that commit. */
  setLocalLedger(commit: string, expectedOld?: string | null): Promise<void> {
    return moveLocalLedger(this.root, commit, expectedOld);
  }

  /** Never with force. `rejected`: somebody was faster. Throws `sync.offline`, `sync.refused`, `sync.rewritten`. */
  pushLedger(
    remote: string,
    branch: string,
    commit: string,
    expectedOld: string | null = null,
  ): Promise<'pushed' | 'rejected'> {
    return pushBranch(this.root, remote, branch, commit, expectedOld);
  }

  /** Whether commit `a` is `b` or an ancestor of it; false where this clone lacks one of them. */
  isAncestor(a: string, b: string): Promise<boolean> {
    return isAncestorCommit(this.root, a, b);
  }
}
