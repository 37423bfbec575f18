import { PromptAuditError } from '../core/errors.js';
import { parsePolicy } from '../core/policyFile.js';
import type { ProtectedFiles } from '../git/protectedBranch.js';
import type { GitRepository } from '../git/repository.js';
import { auditFolder } from './site.js';

export const policyPath = `${auditFolder}/policy.jsonc`;

/** How a commit stands to one adopted before: `newer` holds it (or is it), `older` is held by it. */
export type Relation = 'newer' | 'older' | 'unrelated' | 'unknown';

/** The branch whose policy counts: the remote's default one, or the one that its policy names (DESIGN.md §7). */
export class ProtectedBranch {
  readonly remote: string;
  readonly #git: GitRepository;
  readonly #paths: readonly string[];

  constructor(git: GitRepository, remote: string, paths: readonly string[]) {
    this.#git = git;
    this.remote = remote;
    this.#paths = paths;
  }

  /** As this clone fetched it last; null where it has no such branch. Throws `policy.missing`, `policy.invalid`. */
  lastFetched(): Promise<ProtectedFiles | null> {
    return this.#follow((branch) => this.#known(branch));
  }

  /** As it stands now; no branch of the user moves. Throws as `lastFetched`, and where the remote does not answer. */
  fetched(adopted: string): Promise<ProtectedFiles | null> {
    return this.#follow(async (branch) => {
      const name = branch ?? (await this.#known(null))?.branch ?? (await this.#default(adopted));
      if (name === null) throw this.cannotCompare(adopted);
      const commit = await this.#git.fetchBranch(this.remote, name).catch((error: unknown) => {
        throw error instanceof PromptAuditError ? this.cannotCompare(adopted, error) : error;
      });
      if (commit === null) return null;
      const { remote } = this;
      return this.#git.filesOnProtectedBranch({ remote, branch: name, paths: this.#paths, commit });
    });
  }

  async compare(commit: string, adopted: string): Promise<Relation> {
    if (await this.#git.isAncestor(adopted, commit)) return 'newer';
    if (await this.#git.isAncestor(commit, adopted)) return 'older';
    return (await this.#git.isAncestor(adopted, adopted)) ? 'unrelated' : 'unknown';
  }

  cannotCompare(adopted: string, cause?: PromptAuditError): PromptAuditError {
    const { remote } = this;
    const why = cause ? ` ${cause.message}` : '';
    return new PromptAuditError({
      code: 'policy.missing',
      message: `The policy in force comes from commit ${adopted.slice(0, 12)}, which this clone does not have, so nobody can tell here whether it changed since.${why}`,
      remedy: `Run: git fetch ${remote} (in a shallow clone: git fetch --unshallow ${remote})`,
      cause,
    });
  }

  async #follow(
    read: (branch: string | null) => Promise<ProtectedFiles | null>,
  ): Promise<ProtectedFiles | null> {
    const standard = await read(null);
    const text = standard?.files.get(policyPath) ?? null;
    if (standard === null || text === null) return standard;
    const branch = parsePolicy(text).protectedBranch;
    if (branch === null) return standard;
    const named = await read(branch);
    if (named !== null) return named;
    throw new PromptAuditError({
      code: 'policy.missing',
      message: `The policy names the protected branch "${branch}", which ${this.remote} does not have.`,
      remedy: `Fetch it with git fetch ${this.remote}, or correct "protectedBranch".`,
    });
  }

  /** A clone of one branch does not know which one is the default. */
  #default(adopted: string): Promise<string | null> {
    return this.#git.defaultBranch(this.remote).catch((error: unknown) => {
      throw error instanceof PromptAuditError ? this.cannotCompare(adopted, error) : error;
    });
  }

  #known(branch: string | null): Promise<ProtectedFiles | null> {
    return this.#git.filesOnProtectedBranch({ remote: this.remote, branch, paths: this.#paths });
  }
}
