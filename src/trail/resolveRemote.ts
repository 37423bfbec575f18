import { isPromptAuditError, PromptAuditError } from '../core/errors.js';
import { findingKey } from '../core/findingKinds.js';
import { keepEvidenceRef } from '../git/evidence.js';
import { replaceBranch } from '../git/purge.js';
import type { GitRepository } from '../git/repository.js';
import { UnusableBranch } from '../ledger/remoteGround.js';
import { replaceWith, takeIn, type Reconciled } from '../ledger/storeReconcile.js';
import type { TrailContext } from './context.js';
import {
  ContradictionError,
  contradictionOf,
  isContradiction,
  keepEvidence,
  putItBack,
  type RemoteTip,
} from './contradiction.js';
import { contradictions, findingOf, noteOf } from './evidence.js';
import { ledgerBranch } from './ledgerBranch.js';
import { requiredText } from './propose.js';
import { recordReview } from './recordReview.js';
import { policyPath } from './protectedBranch.js';
import type { Contradiction, ResolveInput, ResolveReport } from './resolveApi.js';
import { dispositionOf } from './resolution.js';
import { isPassingSyncError, ledgerRemote, remoteLedger, sync, takeTip } from './sync.js';
import { ledgerCommit } from './stageLedger.js';
import { rememberingFailure, rememberingProblems } from './syncState.js';

/**
 * Goes on after a decision of the team about a ledger branch that contradicts what this clone saw.
 *
 * `ours`: the branch is put back to the commit that this clone saw last, by a push with force that holds only
 * while the branch stands at the commit that was looked at. Behind that come those events of the other branch that
 * this clone lacks and that contradict nothing (src/ledger/addable.ts), in their order, and then what this clone
 * had not sent. A deleted branch is made again. Never over another ledger.
 *
 * `theirs`: the remote's ledger takes the place of the one here, of which copies are kept (`*.replaced-*`). Events
 * that it lacks, and that contradict nothing in it, are recorded again behind it; the others stay in the copies.
 *
 * Either way the commits of both sides stay under refs/prompt-audit/evidence/, and a `trail.reviewed` event says
 * what was done, by whom, why, and names both checkpoints in full; `verify` goes on showing the finding, as reviewed.
 * A clone that saw the other history gets the same error at its next sync, with what that event says, and follows
 * with `theirs`; one whose history the branch extends needs nothing.
 *
 * Throws `resolve.nothing` where nothing contradicts, `resolve.refused` where the choice is none, `sync.busy` where
 * the branch moved since it was looked at, `sync.refused` where the host forbids the push (nothing was changed
 * then), `sync.rewritten` where `theirs` cannot be read, and what `sync` throws.
 */
export async function resolveRemote(
  context: TrailContext,
  input: ResolveInput,
): Promise<ResolveReport> {
  const { keep, dryRun = false, identity } = input;
  const reason = dryRun
    ? ''
    : requiredText(input.reason, 'reason.missing', 'A decision about the branch needs a reason.');
  const { git, remote } = await ledgerRemote(context, input.remote);
  const tip: RemoteTip = { remote, commit: await git.fetchLedger(remote, ledgerBranch) };
  if (input.looked !== undefined && input.looked !== tip.commit) throw movedOn(remote);
  const found = await contradictionAt(context, git, tip, dryRun);
  assertPossible(found, keep);
  const { ours, theirs, problem } = found;
  const report = { keep, remote, dryRun, problem, ours, theirs };
  if (dryRun) {
    const { added, left } = await act(context, git, tip, { keep, dryRun });
    return { ...report, added, left, evidence: [], copies: [], event: null, todo: [] };
  }
  const at = new Date();
  const seen = context.store.seen?.commit ?? null;
  const commits = [seen, tip.commit].filter((commit) => commit !== null);
  const evidence: string[] = [];
  for (const commit of commits) evidence.push(await keepEvidenceRef(git.root, commit, at));
  const { added, left, copies } = await act(context, git, tip, { keep, dryRun });

  const open = (await contradictions(context)).filter(isOpenAt(remote));
  const lines = open.map((one) => `${findingKey(findingOf(one))} ${one.code}`);
  const disposition = dispositionOf({ keep, ours, theirs }, remote, reason);
  const event = await recordReview(context, { findings: lines, disposition, identity });
  await noteOf(context, (one) => (isOpenAt(remote)(one) ? { ...one, resolved: keep } : one));
  const todo = await share(context, remote);
  if (found.code === 'ledger.foreign')
    todo.push(
      `Take ${policyPath} from the branch of the others: the one here names the old ledger.`,
    );
  return { ...report, added, left, evidence, copies, event, todo };
}

const isOpenAt =
  (remote: string) =>
  (one: Contradiction): boolean =>
    one.remote === remote &&
    one.resolved === undefined &&
    one.over === undefined &&
    isContradiction(one.code);

/** What contradicts at a tip. Takes the remote's order where nothing does, and throws `resolve.nothing`. */
async function contradictionAt(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  dryRun: boolean,
): Promise<Contradiction> {
  try {
    const { remote: ledgers } = context.store;
    const take = (): Promise<boolean> => takeTip(context, git, tip);
    // `status` tells it as after a sync; what another remote shows says nothing about the exchange.
    await (ledgers === null || ledgers === tip.remote ? rememberingFailure(context, take) : take());
  } catch (error) {
    if (error instanceof ContradictionError) return error.found;
    // Two ledgers that never met: no attack, and a decision all the same.
    if (isPromptAuditError(error, 'ledger.foreign'))
      return await (dryRun ? contradictionOf : keepEvidence)(context, git, tip, error);
    throw error;
  }
  throw new PromptAuditError({
    code: 'resolve.nothing',
    message: `The ledger branch of ${tip.remote} extends what this clone saw. There is nothing to decide.`,
    remedy: 'Go on with: prompt-audit sync',
  });
}

async function act(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  { keep, dryRun }: { readonly keep: 'ours' | 'theirs'; readonly dryRun: boolean },
): Promise<Pick<Reconciled, 'added' | 'left' | 'copies'>> {
  const { store } = context;
  const { commit, remote } = tip;
  if (keep === 'ours') {
    const nothing = { added: 0, left: 0, copies: [] };
    const theirs = commit === null ? null : await readable(context, git, commit);
    if (!dryRun) await putBack(context, git, tip);
    if (theirs === null) return nothing;
    return store.reconcile((replica) => takeIn(replica, theirs, { dryRun }));
  }
  const where = { commit: commit!, remote };
  const done = await takingIt(async () => {
    const theirs = await remoteLedger(context, git, where.commit);
    const moveRef = (): Promise<void> => git.setLocalLedger(where.commit);
    return store.reconcile((replica) => replaceWith(replica, theirs, where, { dryRun, moveRef }));
  });
  return done;
}

/** Says what is left to do where the branch is in no state to be taken. */
async function takingIt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnusableBranch)) throw error;
    const { code, message } = error;
    const remedy = `It cannot be taken, and nothing was changed. In a clone that has seen it good, run: ${putItBack}`;
    throw new PromptAuditError({ code, message, remedy, cause: error });
  }
}

/** What a branch holds that is left; null where nothing in it can be believed. */
async function readable(context: TrailContext, git: GitRepository, commit: string) {
  try {
    return await remoteLedger(context, git, commit);
  } catch (error) {
    if (isPromptAuditError(error, 'sync.rewritten')) return null;
    throw error;
  }
}

/** The branch of the remote as this clone saw it last; only if it still stands where it was looked at. */
async function putBack(context: TrailContext, git: GitRepository, tip: RemoteTip): Promise<void> {
  const seen = context.store.seen!.commit;
  const isHere = await git.isAncestor(seen, seen);
  const commit = isHere ? seen : (await ledgerCommit(context, git, null)).commit;
  await replaceBranch(git.root, tip.remote, ledgerBranch, commit, tip.commit);
}

/** Sends what was decided; a network that is away only puts it off. */
async function share(context: TrailContext, remote: string): Promise<string[]> {
  try {
    await rememberingProblems(context, () => sync(context, { remote }));
    return [];
  } catch (error) {
    if (!isPassingSyncError(error)) throw error;
    return [`Not sent yet: ${error.message} Run: prompt-audit sync`];
  }
}

function assertPossible(found: Contradiction, keep: 'ours' | 'theirs'): void {
  const { remote, code, theirs } = found;
  if (keep === 'ours' && code === 'ledger.foreign')
    throw refused(
      `${remote} holds another ledger, and a ledger is never pushed over another one.`,
      `Correct the address (git remote set-url ${remote} URL), or go on with the ledger that is there: --keep theirs`,
    );
  if (keep === 'theirs' && theirs === null)
    throw refused(
      `${remote} has no ledger branch that could be taken.`,
      'Put it back as this clone saw it: --keep ours',
    );
  if (keep === 'ours' && found.ours === null)
    throw refused(
      `This clone saw no ledger branch of ${remote} before, so it has none to put back.`,
      `In a clone that has seen it good, run: ${putItBack}`,
    );
}

function refused(message: string, remedy: string): PromptAuditError {
  return new PromptAuditError({ code: 'resolve.refused', message, remedy });
}

function movedOn(remote: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.busy',
    message: `The ledger branch of ${remote} was changed again since you looked at it. Nothing was changed.`,
    remedy: 'Look at it again, and decide then.',
  });
}
