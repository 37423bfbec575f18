import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { blobId } from '../git/blobId.js';
import type { CommitInfo } from '../git/history.js';
import type { TrailContext } from './context.js';

interface File {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** What HEAD has at a path. */
interface HeadFile {
  readonly isSame: boolean;
  readonly digest: Digest | null;
}

/** How files of the work tree stand to the ledger and to HEAD; two runs of git for all of them. */
export class FileFacts {
  readonly #head = new Map<string, HeadFile>();

  constructor(
    private readonly context: TrailContext,
    private readonly isThere: (path: string) => boolean,
  ) {}

  /** Whether the newest revision has these bytes. `restores`: a prompt that was deleted is never settled. */
  isSettled({ path, digest }: File, restores: boolean): boolean {
    const prompt = this.context.state.promptAt(path, this.isThere);
    if (prompt === undefined || (restores && prompt.removed)) return false;
    return prompt.revisions.at(-1)?.digest === digest;
  }

  async readHead(files: readonly File[]): Promise<void> {
    const { git } = this.context.site;
    if (git === null || files.length === 0) return;
    const ids = await git.headFiles(files.map(({ path }) => path));
    const others = new Map<string, string>();
    for (const { path, bytes, digest } of files) {
      const id = ids.get(path);
      if (id === undefined) continue;
      if (blobId(bytes, id.length) === id) this.#head.set(path, { isSame: true, digest });
      else others.set(path, id);
    }
    const blobs = await git.readBlobs([...others.values()]);
    for (const [path, id] of others) {
      const bytes = blobs.get(id);
      // A partial clone gets every file that it checks out: it can do without the others.
      this.#head.set(path, { isSame: false, digest: bytes ? digestOf(bytes) : null });
    }
  }

  isOfHead({ path }: File): boolean {
    return this.#head.get(path)?.isSame === true;
  }

  /** Whether a commit may have done to this prompt what the ledger does not know. */
  hasNews({ path }: File): boolean {
    const head = this.#head.get(path);
    if (head === undefined || head.digest === null) return false;
    const prompt = this.context.state.promptAt(path, this.isThere);
    return prompt === undefined || !this.context.state.knowsDigest(prompt, head.digest);
  }

  /**
   * The commit that a file's bytes come from, null where nobody committed them. `known`: they are HEAD's, and
   * recorded. `left`: they are HEAD's, and were saved in the editor: no act of who saved them.
   */
  async commitOf(
    { path, digest }: File,
    { restores, saved }: { readonly restores: boolean; readonly saved?: boolean },
  ): Promise<CommitInfo | null | 'known' | 'left'> {
    const { state, site } = this.context;
    const prompt = state.promptAt(path, this.isThere);
    // The bytes are old, the act of putting them back is not.
    if (restores && prompt?.removed === true) return null;
    if (this.#head.get(path)?.isSame !== true) return null;
    if (prompt && state.knowsDigest(prompt, digest)) return 'known';
    const commit = (await site.git?.commitOf(path)) ?? null;
    return saved === true && commit !== null ? 'left' : commit;
  }
}
