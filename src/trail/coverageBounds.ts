import type { Digest, PromptId } from '../core/ids.js';
import type { GitRepository } from '../git/repository.js';
import type { TrailContext } from './context.js';
import { historyMarks } from './historyMarks.js';
import { ledgerBranch } from './ledgerBranch.js';
import { observationStart } from './observationStart.js';
import { pendingFacts } from './pending.js';

/** Commits between which observation works; each counts with all that is before it. */
export interface CoverageBounds {
  /** What syncs go through. */
  readonly followed: readonly string[];
  /** Where the trail starts; `isTold`: the ledger says it outright. */
  readonly isTold: boolean;
  readonly starts: readonly string[];
  /** Where imports ended. */
  readonly imports: readonly string[];
}

export async function boundsOf(context: TrailContext, git: GitRepository): Promise<CoverageBounds> {
  const followed = await git.tips(await context.remote(), [ledgerBranch]);
  const starts: string[] = [];
  const imports: string[] = [];
  let isTold = false;
  for (const { mode, tips = [] } of historyMarks(context.state)) {
    // Before the first commit a trail starts behind none.
    if (mode === 'start' || tips.length > 0) isTold = true;
    (mode === 'start' ? starts : imports).push(...tips);
  }
  // Ledgers from before such events had tips: as observation sees them.
  if (!isTold) starts.push(...(await observationStart(context)));
  return { followed, isTold, starts, imports };
}

/** Tells which bytes the next sync records for the prompt at a path: by the facts that it would record. */
export async function pendingBytes(
  context: TrailContext,
): Promise<(path: string, digest: Digest) => boolean> {
  const { facts } = await pendingFacts(context);
  const { state } = context;
  const paths = new Map<string, Set<PromptId>>();
  const bytes = new Map<PromptId, Set<Digest>>();
  for (const fact of facts) {
    const there = paths.get(fact.path) ?? new Set();
    paths.set(fact.path, there.add(fact.prompt));
    const some = bytes.get(fact.prompt) ?? new Set();
    bytes.set(fact.prompt, fact.kind === 'revision' ? some.add(fact.digest) : some);
  }
  const has = (prompt: PromptId, digest: Digest): boolean => {
    const record = state.prompts.get(prompt);
    return (
      bytes.get(prompt)?.has(digest) === true ||
      (record !== undefined && state.knowsDigest(record, digest))
    );
  };
  return (path, digest) => {
    const there = new Set(paths.get(path));
    const here = state.promptAt(path);
    if (here !== undefined) there.add(here.id);
    return [...there].some((prompt) => has(prompt, digest));
  };
}
