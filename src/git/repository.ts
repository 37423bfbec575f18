import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import {
  commitLedger,
  fetchLedger,
  pushLedger,
  readLedger,
  setLocalLedger,
  type LedgerFiles,
} from './ledgerBranch.js';
import { GitRunner } from './runner.js';
import { storedBytes } from './storedBytes.js';

/** A name and an address as git claims them. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Who git says made a commit, and when (ISO 8601, UTC with milliseconds). */
export interface CommitClaim {
  readonly commit: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly authoredAt: string;
}

/** Files of a branch as texts; null for those that it does not have. */
export interface BranchFiles {
  readonly branch: string;
  readonly commit: string;
  readonly files: ReadonlyMap<string, string | null>;
}

/** The repository whose work tree holds a folder; null where there is none. Throws `git.missing`. */
export async function findRepository(folder: string): Promise<GitRepository | null> {
  const git = new GitRunner(await nearestFolder(folder));
  let output: string;
  try {
    output = await git.text([
      'rev-parse',
      '--path-format=absolute',
      '--show-toplevel',
      '--git-common-dir',
    ]);
  } catch (error) {
    if (isPromptAuditError(error, 'git.failed') && !/dubious ownership/.test(error.message))
      return null;
    throw error;
  }
  const [root, commonDir] = output.trimEnd().split('\n');
  if (!root || !commonDir) return null;
  return new GitRepository(await realpath(root), await realpath(commonDir));
}

/** Whom git names outside any repository. Throws `identity.missing`. */
export async function identityWithoutRepository(folder: string): Promise<GitIdentity> {
  return identityOf(new GitRunner(folder));
}

/** One git work tree. All paths are relative to its root, with `/` between their parts. */
export class GitRepository {
  /** The top of the work tree. */
  readonly root: string;
  /** The folder that all worktrees of the repository share. */
  readonly commonDir: string;
  readonly #git: GitRunner;

  constructor(root: string, commonDir: string) {
    this.root = root;
    this.commonDir = commonDir;
    this.#git = new GitRunner(root);
  }

  identity(): Promise<GitIdentity> {
    return identityOf(this.#git);
  }

  /** Files that are tracked, or untracked and not ignored, and that exist. Names that are not UTF-8 are left out. */
  async listFiles(): Promise<readonly string[]> {
    const options = ['-z', '-t', '--cached', '--others', '--deleted', '--exclude-standard'];
    const entries = (await this.#git.text(['ls-files', ...options])).split('\0');
    const tagged = (wanted: (tag: string) => boolean): string[] =>
      entries.filter((entry) => entry !== '' && wanted(entry[0]!)).map((entry) => entry.slice(2));
    const deleted = new Set(tagged((tag) => tag === 'R'));
    const present = tagged((tag) => tag !== 'R').filter((path) => !deleted.has(path));
    return [...new Set(present)].filter((path) => !path.includes('\ufffd'));
  }

  storedBytes(paths: readonly string[]): Promise<Map<string, Uint8Array | PromptAuditError>> {
    return storedBytes(this.#git, paths);
  }

  /** A file's bytes at HEAD; null where HEAD or the file does not exist. */
  async headBlob(path: string): Promise<Uint8Array | null> {
    const blob = await this.#git.object(`HEAD:${path}`);
    return blob === null ? null : this.#git.blob(blob);
  }

  /** The newest commit of HEAD's history that changed a file. */
  async commitOf(path: string): Promise<CommitClaim | null> {
    const format = '--format=%H%x00%an%x00%ae%x00%at';
    const args = ['--literal-pathspecs', 'log', '-1', format, '--', path];
    const [commit, authorName, authorEmail, seconds] = (await this.#git.text(args))
      .trim()
      .split('\0');
    if (!commit || authorEmail === undefined) return null;
    const authoredAt = new Date(Number(seconds) * 1000);
    return {
      commit,
      authorName: authorName || authorEmail,
      authorEmail,
      authoredAt: Number.isNaN(authoredAt.valueOf())
        ? new Date(0).toISOString()
        : authoredAt.toISOString(),
    };
  }

  /** The remote that the ledger is synced with: the preferred one, `origin`, or the only one. */
  async ledgerRemote(preferred?: string): Promise<string | null> {
    const remotes = (await this.#git.text(['remote'])).split('\n').filter((name) => name !== '');
    if (preferred !== undefined) {
      if (remotes.includes(preferred)) return preferred;
      throw new PromptAuditError({
        code: 'sync.noRemote',
        message: `This repository has no remote "${preferred}".`,
        remedy:
          remotes.length === 0 ? 'Add it with git remote add.' : `It has: ${remotes.join(', ')}.`,
      });
    }
    if (remotes.includes('origin')) return 'origin';
    return remotes.length === 1 ? remotes[0]! : null;
  }

  /** Files as they stand on a branch of a remote, by default on the remote's default branch. Fetches nothing. */
  async filesOnProtectedBranch(input: {
    remote: string;
    branch: string | null;
    paths: readonly string[];
  }): Promise<BranchFiles | null> {
    const prefix = `refs/remotes/${input.remote}/`;
    const head = (await this.#git.text(['symbolic-ref', `${prefix}HEAD`]).catch(() => '')).trim();
    const names =
      input.branch !== null ? [input.branch] : [head.replace(prefix, ''), 'main', 'master'];
    for (const branch of names.filter((name) => name !== '')) {
      const ref = `${prefix}${branch}^{commit}`;
      const commit = await this.#git.object(ref);
      if (commit === null) continue;
      const files = new Map<string, string | null>();
      for (const path of input.paths) {
        const blob = await this.#git.object(`${commit}:${path}`);
        files.set(
          path,
          blob === null ? null : Buffer.from(await this.#git.blob(blob)).toString('utf8'),
        );
      }
      return { branch, commit, files };
    }
    return null;
  }

  readLedger(commit?: string): Promise<{ commit: string; files: LedgerFiles } | null> {
    return readLedger(this.#git, commit);
  }

  fetchLedger(remote: string, branch: string): Promise<string | null> {
    return fetchLedger(this.#git, remote, branch);
  }

  commitLedger(input: {
    parent: string | null;
    files: LedgerFiles;
    message: string;
  }): Promise<string> {
    return commitLedger(this.#git, input);
  }

  setLocalLedger(commit: string): Promise<void> {
    return setLocalLedger(this.#git, commit);
  }

  pushLedger(remote: string, branch: string, commit: string): Promise<'pushed' | 'rejected'> {
    return pushLedger(this.#git, remote, branch, commit);
  }
}

async function identityOf(git: GitRunner): Promise<GitIdentity> {
  const ident = await git
    .text(['-c', 'user.useConfigOnly=true', 'var', 'GIT_AUTHOR_IDENT'])
    .catch((error: unknown) => {
      if (isPromptAuditError(error, 'git.failed')) return '';
      throw error;
    });
  const match = /^(.*) <([^<>]*)> \d+ [+-]\d{4}\s*$/s.exec(ident);
  const [, name = '', email = ''] = match ?? [];
  if (name.trim() !== '' && email.trim() !== '') return { name: name.trim(), email: email.trim() };
  throw new PromptAuditError({
    code: 'identity.missing',
    message: 'git does not know who you are, so nothing can be recorded under your name.',
    remedy:
      'Run: git config --global user.name "Your Name" and git config --global user.email you@example.org',
  });
}

/** git runs in a folder, so for a file, or a folder that is not there yet, take the nearest one above. */
async function nearestFolder(path: string): Promise<string> {
  const absolute = resolve(path);
  const info = await stat(absolute).catch(() => null);
  if (info?.isDirectory()) return absolute;
  const parent = dirname(absolute);
  return parent === absolute ? absolute : nearestFolder(join(parent));
}
