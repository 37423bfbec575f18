import type { PlannedFact } from '../core/historyPlan.js';
import type { PromptId } from '../core/ids.js';
import type { Policy } from '../core/policy.js';
import { isPromptAuditError } from '../core/errors.js';
import type { PendingChange } from '../core/pendingChange.js';
import { report, type Watch } from '../core/watch.js';
import { isPartialClone } from '../git/partialClone.js';
import { promptMatcher } from '../prompts/matcher.js';
import type { TrailContext } from './context.js';
import { knownHistory } from './importKnown.js';
import { plannedHistory } from './importFeed.js';
import { ActsByHand } from './actsByHand.js';
import { observationStart } from './observationStart.js';
import { workingPolicy } from './policySource.js';
import { noteWalked, walkedTips } from './walkedNote.js';
import { ledgerBranch } from './ledgerBranch.js';

/** What commits did that the ledger does not know, parents first. */
export interface Pending {
  readonly facts: readonly PlannedFact[];
  /** The commits that were looked from. */
  readonly tips: readonly string[];
  /** Events of the ledger that were known then. */
  readonly size: number;
  /** This partial clone lacks what tells what commits did: that is left to clones that have it. */
  readonly isLeft?: boolean;
}

/** What became of one prompt. */
export interface PendingPrompt {
  readonly prompt: PromptId;
  /** Where commits have it. */
  readonly paths: ReadonlySet<string>;
  readonly changes: readonly PendingChange[];
}

const nothing = (context: TrailContext): Pending => ({
  facts: [],
  tips: [],
  size: context.store.size,
});

const kept = new WeakMap<TrailContext, { readonly key: string; readonly pending: Pending }>();

/**
 * Looks for commits that the ledger does not know, in HEAD and in what is known of the ledger remote's branches
 * (without one: in the branches here). Where no branch moved since the last look it costs one run of git.
 * `remote`: the ledger remote, where somebody has asked for it already. Throws what git throws, and `cancelled`.
 */
export async function pendingFacts(
  context: TrailContext,
  { watch, remote }: { readonly watch?: Watch; readonly remote?: string | null } = {},
): Promise<Pending> {
  const { git } = context.site;
  const policy = await usablePolicy(context);
  if (git === null || policy === null || context.store.ledger === null) return nothing(context);
  const tips = await git.tips(remote === undefined ? await context.remote() : remote, [
    ledgerBranch,
  ]);
  const size = context.store.size;
  const walked = await walkedTips(context, promptsKey(policy));
  if (tips.every((tip) => walked.has(tip))) return { facts: [], tips, size };
  const key = JSON.stringify([tips, size, promptsKey(policy), context.store.ledger]);
  const last = kept.get(context);
  if (last?.key === key) return last.pending;
  const without = [...(await observationStart(context)), ...walked];
  const facts = await unknownFacts(context, { tips, without, policy }, watch);
  const pending = { facts: facts ?? [], tips, size, isLeft: facts === null };
  if (facts?.length === 0) await noteWalked(context, promptsKey(policy), tips);
  kept.set(context, { key, pending });
  return pending;
}

/** Null where this clone cannot know them. */
async function unknownFacts(
  context: TrailContext,
  {
    tips,
    without,
    policy,
  }: { tips: readonly string[]; without: readonly string[]; policy: Policy },
  watch?: Watch,
): Promise<readonly PlannedFact[] | null> {
  const { state, site } = context;
  const facts: PlannedFact[] = [];
  let unread = 0;
  const acts = new ActsByHand(state);
  const parts = plannedHistory({
    root: site.root,
    tips,
    without,
    tracks: promptMatcher(policy),
    known: knownHistory(state),
    ...(watch ? { watch } : {}),
  });
  try {
    for await (const part of parts) {
      for (const fact of part.facts) if (!acts.cover(fact)) facts.push(fact);
      unread = part.unread;
      report(watch, { what: 'sync', done: part.done, total: part.total });
    }
  } catch (error) {
    // Without its trees git cannot tell what a commit changed.
    if (isPromptAuditError(error, 'git.failed') && (await isPartialClone(site.root))) return null;
    throw error;
  }
  const isDoubtful = unread > 0 || mayHaveMoved(facts);
  return isDoubtful && (await isPartialClone(site.root)) ? null : facts;
}

/** Whether a commit takes a prompt away and brings one: without its bytes git does not see that it is the same. */
function mayHaveMoved(facts: readonly PlannedFact[]): boolean {
  const gone = new Set(facts.flatMap((fact) => (fact.kind === 'removed' ? [fact.commit] : [])));
  return facts.some(({ kind, commit }) => kind === 'registered' && gone.has(commit));
}

/** Notes that everything which was pending is recorded by now. */
export async function noteRecorded(context: TrailContext, { tips }: Pending): Promise<void> {
  const policy = await usablePolicy(context);
  if (policy !== null) await noteWalked(context, promptsKey(policy), tips);
}

/** What is pending, by prompt, for people to see. */
export async function pendingChanges(
  context: TrailContext,
  remote: string | null,
): Promise<readonly PendingPrompt[]> {
  const { facts } = await pendingFacts(context, { remote });
  const found = new Map<PromptId, { paths: Set<string>; changes: PendingChange[] }>();
  for (const fact of facts) {
    const { prompt, kind, commit, claims, path } = fact;
    let entry = found.get(prompt);
    if (entry === undefined) found.set(prompt, (entry = { paths: new Set(), changes: [] }));
    entry.paths.add(path);
    // The first bytes of a prompt tell enough.
    if (kind === 'registered') continue;
    entry.changes.push({
      kind,
      commit,
      author: claims.author.name || claims.author.email,
      agents: claims.agents,
      authoredAt: claims.authoredAt,
      from: kind === 'moved' ? fact.from : null,
    });
  }
  return [...found].map(([prompt, entry]) => ({ prompt, ...entry }));
}

/** Null where it is missing or wrong: that is told elsewhere, and must not stop a sync. */
async function usablePolicy({ site }: TrailContext): Promise<Policy | null> {
  return workingPolicy(site).catch((error: unknown) => {
    if (isPromptAuditError(error, 'policy.missing') || isPromptAuditError(error, 'policy.invalid'))
      return null;
    throw error;
  });
}

/** Which files count decides what there is to be known. */
function promptsKey(policy: Policy): string {
  return JSON.stringify(policy.prompts);
}
