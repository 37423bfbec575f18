import { digestOf } from '../core/hash.js';
import { promptMatcher } from '../prompts/matcher.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { Presence } from './presence.js';
import { recordFiles } from './record.js';
import type { RecordResult } from './recordApi.js';

/** What stands in an index. */
export interface StagedPrompts {
  /** Prompts that are to be recorded: their bytes are those of git. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** All that the index holds: what is not there is gone or moved. */
  readonly paths: readonly string[];
}

/** What is there in an index. */
class IndexPresence extends Presence {
  readonly #paths: ReadonlySet<string>;

  constructor(root: string, paths: readonly string[]) {
    super(root);
    this.#paths = new Set(paths);
  }

  override readonly isThere = (path: string): boolean => this.#paths.has(path);
}

/**
 * Records prompts as they stand in the index: what will be committed, whatever the files of the work tree hold by
 * now. Deletions are left to the commit.
 */
export async function recordStaged(
  context: TrailContext,
  { files, paths }: StagedPrompts,
): Promise<readonly RecordResult[]> {
  const policy = await workingPolicy(context.site);
  const tracks = promptMatcher(policy);
  const staged = files
    .filter(({ path }) => tracks(path))
    .map(({ path, bytes }) => ({ path, bytes, digest: digestOf(bytes) }));
  const presence = new IndexPresence(context.site.root, paths);
  return recordFiles(context, staged, policy.drafts, { presence, named: true });
}
