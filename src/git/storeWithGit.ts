import { copyFile, mkdir, stat, utimes } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { sentence } from './gitErrors.js';
import type { RepositoryPaths } from './locate.js';
import { quotePath } from './names.js';
import { readObjects } from './objects.js';
import { gitOutput, gitText } from './runGit.js';
import { withTemporaryFolder } from './temporary.js';

/** No fsync for objects that are gone in a moment; no refusal where a line end cannot be restored. */
const config = ['core.fsync=none', 'core.safecrlf=false', 'core.splitIndex=false'];
/** Windows takes about 32,000 characters on a command line. */
const maxArgumentLength = 16_000;

/**
 * Lets git convert files as `git add` would, with a copy of the index and an object folder of its own,
 * so that nothing of the user changes. `hash-object` would be simpler, but knows no index, and git
 * leaves CRLF alone where the index has it already.
 */
export async function storeWithGit(
  repository: RepositoryPaths,
  paths: readonly string[],
): Promise<Map<string, Uint8Array | PromptAuditError>> {
  if (paths.length === 0) return new Map();
  return withTemporaryFolder(async (folder) => {
    const scratch = new Scratch(repository, folder);
    await scratch.prepare();
    const ids = await scratch.idsOf(paths);
    const known = [...ids.values()].filter((id) => typeof id === 'string');
    const objects = await readObjects(repository.root, known, 'here', scratch.env);
    const result = new Map<string, Uint8Array | PromptAuditError>();
    for (const [path, id] of ids) {
      const bytes = typeof id === 'string' ? objects.get(id) : id;
      result.set(path, bytes ?? notConverted(path, 'git kept no object of it'));
    }
    return result;
  });
}

class Scratch {
  readonly env: Readonly<Record<string, string>>;
  readonly #repository: RepositoryPaths;
  readonly #index: string;
  readonly #objects: string;

  constructor(repository: RepositoryPaths, folder: string) {
    this.#repository = repository;
    this.#index = join(folder, 'index');
    this.#objects = join(folder, 'objects');
    const users = join(repository.commonDir, 'objects');
    this.env = {
      GIT_INDEX_FILE: this.#index,
      GIT_OBJECT_DIRECTORY: this.#objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES:
        users.includes(delimiter) || users.startsWith('"') ? quotePath(users) : users,
      // The user's filters work as they do in the user's own git.
      ...(process.env['LC_ALL'] === undefined ? { LC_ALL: '' } : { LC_ALL: process.env['LC_ALL'] }),
    };
  }

  async prepare(): Promise<void> {
    await mkdir(this.#objects);
    const index = join(this.#repository.gitDir, 'index');
    const info = await stat(index).catch(() => null);
    if (info === null) return;
    await copyFile(index, this.#index);
    // git compares files with the index's own time to see which entries it must not trust.
    const seconds = (Math.floor(info.mtimeMs) - 1) / 1000;
    await utimes(this.#index, seconds, seconds);
  }

  /** Object ids; a file that git cannot convert gives an error without harm to the others. */
  async idsOf(paths: readonly string[]): Promise<Map<string, string | PromptAuditError>> {
    try {
      await this.#add(paths);
      return await this.#listed(paths);
    } catch (error) {
      if (!isPromptAuditError(error, 'git.failed')) throw error;
      if (paths.length === 1) {
        return new Map(paths.map((path) => [path, notConverted(path, error.message, error)]));
      }
    }
    const half = Math.ceil(paths.length / 2);
    const first = await this.idsOf(paths.slice(0, half));
    return new Map([...first, ...(await this.idsOf(paths.slice(half)))]);
  }

  async #add(paths: readonly string[]): Promise<void> {
    await gitOutput({
      folder: this.#repository.root,
      doing: 'convert files as it stores them',
      // --verbose only because simple-git waits 50 ms for the output of a silent program.
      args: ['update-index', '--verbose', '--add', '--replace', '-z', '--stdin'],
      config,
      env: this.env,
      input: paths.map((path) => `${path}\0`).join(''),
    });
  }

  async #listed(paths: readonly string[]): Promise<Map<string, string>> {
    const length = paths.reduce((sum, path) => sum + path.length + 3, 0);
    const output = await gitText({
      folder: this.#repository.root,
      doing: 'list converted files',
      args: ['ls-files', '-s', '-v', '-z', '--', ...(length < maxArgumentLength ? paths : [])],
      env: this.env,
    });
    const wanted = new Set(paths);
    const ids = new Map<string, string>();
    for (const line of output.split('\0')) {
      const [, tag = '', id = '', path = ''] =
        /^(\S) \d+ ([0-9a-f]+) \d\t([\s\S]+)$/.exec(line) ?? [];
      // Lower case and S: the user told git not to look at this file.
      if (wanted.has(path)) ids.set(path, /^[a-zS]$/.test(tag) ? await this.#hash(path) : id);
    }
    return ids;
  }

  async #hash(path: string): Promise<string> {
    return gitText({
      folder: this.#repository.root,
      doing: 'convert a file as it stores it',
      args: ['hash-object', '-w', '--stdin-paths'],
      config,
      env: this.env,
      input: `${quotePath(path)}\n`,
    });
  }
}

function notConverted(path: string, why: string, cause?: unknown): PromptAuditError {
  return new PromptAuditError({
    code: 'prompt.unreadable',
    message: `${path} cannot be read as git stores it: ${sentence(why)}`,
    remedy:
      'See that git add works for this file: its filters in .gitattributes must be installed.',
    cause,
  });
}
