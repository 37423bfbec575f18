import type { GitApiUpstream } from './gitApi.js';

/**
 * Tells fetches and pushes of the user from all else that changes in a repository. Files are the first to
 * show them; what VS Code's git reports counts where no file did, as in repositories that keep refs elsewhere.
 */
export class TransferSense {
  private readonly upstreams = new Map<string, string>();
  private readonly written = new Set<string>();
  private fetched = false;

  /** A ref of a remote was written, such as `origin/main`. True if it is of the ledger's remote. */
  refWritten(ref: string, remote: string | null): boolean {
    if (remote === null || !ref.startsWith(`${remote}/`)) {
      return false;
    }
    this.written.add(ref);
    return true;
  }

  /** git wrote down what it fetched, or is about to. */
  fetchNoted(): void {
    this.fetched = true;
  }

  /** The upstream of the current branch, as reported. True if somebody moved it and no file has said so. */
  upstreamReported(upstream: GitApiUpstream | undefined, remote: string | null): boolean {
    if (upstream?.commit === undefined || upstream.remote !== remote) {
      return false;
    }
    const ref = `${upstream.remote}/${upstream.name}`;
    const before = this.upstreams.get(ref);
    this.upstreams.set(ref, upstream.commit);
    return before !== undefined && before !== upstream.commit && !this.written.delete(ref);
  }

  /**
   * Whether what was seen since the last call was a whole transfer. `noted`: bytes of FETCH_HEAD; git empties
   * it when a fetch begins and when none succeeds.
   */
  isOver(sawRef: boolean, noted: number): boolean {
    const fetched = this.fetched && noted > 0;
    this.fetched = false;
    return sawRef || fetched;
  }
}
