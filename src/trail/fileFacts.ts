import type { Digest } from '../core/ids.js';
import { blobId } from '../git/blobId.js';
import type { CommitInfo } from '../git/history.js';
import type { TrailContext } from './context.js';
import { isRestored } from './restorations.js';

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

  /** Whether the newest revision has these bytes; never of a prompt that counts as deleted. */
  isSettled({ path, digest }: File): boolean {
    const prompt = this.context.state.promptAt(path, this.isThere);
    return prompt?.removed === false && prompt.revisions.at(-1)?.digest === digest;
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
    const digests = await git.blobDigests([...others.values()]);
    for (const [path, id] of others)
      // A partial clone gets every file that it checks out: it can do without the others.
      this.#head.set(path, { isSame: false, digest: digests.get(id) ?? null });
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

  /** Whether these bytes bring back a prompt that counts as deleted. `named`: somebody acts on this very file. */
  async isBack(file: File, named: boolean): Promise<boolean> {
    const prompt = this.context.state.promptAt(file.path, this.isThere);
    if (prompt?.removed !== true) return false;
    return (named && !this.isOfHead(file)) || isRestored(this.context, prompt);
  }

  /**
   * The commit that a file's bytes come from, null where nobody committed them. `known`: they are HEAD's, and
   * recorded, and nothing was done to them. `left`: they are HEAD's, and recorded by a sync, or they were saved in
   * the editor: no act of who saved them.
   */
  async commitOf(
    { path, digest }: File,
    { back, left, saved }: { readonly back: boolean; readonly left: boolean; saved: boolean },
  ): Promise<CommitInfo | null | 'known' | 'left'> {
    const { state, site } = this.context;
    const prompt = state.promptAt(path, this.isThere);
    if (this.#head.get(path)?.isSame !== true) return null;
    if (!back && prompt && state.knowsDigest(prompt, digest)) return 'known';
    if (left) return 'left';
    const commit = (await site.git?.commitOf(path)) ?? null;
    return saved && !back && commit !== null ? 'left' : commit;
  }
}
