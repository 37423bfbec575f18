import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { headCommit } from './headCommit.js';
import { headFiles } from './headFiles.js';
import type { RepositoryPaths } from './locate.js';
import { readObjects } from './objects.js';

/** So many paths, and so many blobs, are remembered. */
const mostKept = 20_000;

/** What HEAD has, which is asked of git again only when HEAD is another commit: what an id names never changes. */
export class HeadCache {
  readonly #paths: RepositoryPaths;
  #commit: string | null = null;
  readonly #ids = new Map<string, string | null>();
  readonly #digests = new Map<string, Digest>();

  constructor(paths: RepositoryPaths) {
    this.#paths = paths;
  }

  /** As headFiles. */
  async files(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { root } = this.#paths;
    if (paths.length === 0) return new Map();
    const commit = await headCommit(this.#paths);
    if (commit === null || paths.length > mostKept) return headFiles(root, paths);
    if (commit !== this.#commit || this.#ids.size > mostKept) this.#ids.clear();
    this.#commit = commit;
    const found = new Map(paths.flatMap((path) => pairOf(path, this.#ids.get(path))));
    const unknown = paths.filter((path) => !this.#ids.has(path));
    if (unknown.length === 0) return found;
    const asked = await headFiles(root, unknown, commit);
    for (const path of unknown) {
      const id = asked.get(path) ?? null;
      if (id !== null) found.set(path, id);
      // Another look may have seen HEAD move.
      if (this.#commit === commit) this.#ids.set(path, id);
    }
    return found;
  }

  /** The digests of blobs; without those that are not here. */
  async digests(ids: readonly string[]): Promise<ReadonlyMap<string, Digest>> {
    const found = new Map(ids.flatMap((id) => pairOf(id, this.#digests.get(id))));
    const unknown = ids.filter((id) => !found.has(id));
    if (this.#digests.size + unknown.length > mostKept) this.#digests.clear();
    for (const [id, bytes] of await readObjects(this.#paths.root, unknown)) {
      const digest = digestOf(bytes);
      found.set(id, digest);
      this.#digests.set(id, digest);
    }
    return found;
  }
}

function pairOf<T>(name: string, value: T | null | undefined): (readonly [string, T])[] {
  return value == null ? [] : [[name, value]];
}
