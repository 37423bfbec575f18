import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import assert from 'node:assert/strict';
import { findRepository, type GitRepository } from '../../src/git/repository.js';
import { git, gitEnvironment } from '../tools/git.js';
import { temporaryFolder } from '../tools/temporary.js';

/** Folders for one test file, and the environment in which git sees no configuration of this machine. */
export function gitSandbox(): {
  folder: (name: string) => string;
  clone: (options?: { sha256?: boolean; remote?: boolean }) => Promise<Clone>;
} {
  let top: ReturnType<typeof temporaryFolder>;
  let count = 0;
  const before: Record<string, string | undefined> = {};
  beforeEach(() => {
    top = temporaryFolder('git');
    for (const [name, value] of Object.entries(gitEnvironment)) {
      before[name] = process.env[name];
      process.env[name] = value;
    }
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    top.remove();
  });
  const folder = (name: string): string => {
    const path = join(top.path, `${++count} ${name}`);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return {
    folder,
    async clone({ sha256 = false, remote = false } = {}) {
      const root = folder('clone with "quotes"');
      git(root, 'init', '-q', '-b', 'main', `--object-format=${sha256 ? 'sha256' : 'sha1'}`);
      git(root, 'config', 'user.name', 'Ana Lima');
      git(root, 'config', 'user.email', 'ana@example.org');
      let bare = '';
      if (remote) {
        bare = folder('remote');
        git(bare, 'init', '-q', '--bare', '-b', 'main');
        git(root, 'remote', 'add', 'origin', bare);
      }
      return { root, bare, repository: await repositoryAt(root) };
    },
  };
}

export interface Clone {
  readonly root: string;
  /** The bare remote; empty where there is none. */
  readonly bare: string;
  readonly repository: GitRepository;
}

/** The repository at a folder, which must be one. */
export async function repositoryAt(folder: string): Promise<GitRepository> {
  const repository = await findRepository(folder);
  assert.ok(repository);
  return repository;
}

/** Writes a file below a root, with the folders that it needs. */
export function write(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Commits everything in a work tree and gives the commit. */
export function commitAll(root: string, message = 'change'): string {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', message);
  return git(root, 'rev-parse', 'HEAD');
}

/** What the user would notice if it changed: index, status, branches, tags, HEAD, configuration. */
export function userState(root: string): Record<string, string> {
  return {
    index: git(root, 'ls-files', '-s', '-v'),
    status: git(root, 'status', '--porcelain=v2', '--branch'),
    branches: git(root, 'for-each-ref', 'refs/heads', 'refs/tags'),
    head: git(root, 'rev-parse', '--symbolic-full-name', 'HEAD'),
    config: git(root, 'config', '--local', '--list'),
  };
}
