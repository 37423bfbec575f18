import { PromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import type { Policy } from '../core/policy.js';
import { parsePolicy } from '../core/policyFile.js';
import { adoptionInScope } from '../core/policyInScope.js';
import { everything } from '../core/state.js';
import type { GatePlace } from '../git/gatePlace.js';
import type { TrailContext } from './context.js';
import { imagine } from './imaginedEvent.js';
import { policyFilesOf, policyPaths, sameFiles, type PolicyFiles } from './policySource.js';
import { policyPath } from './protectedBranch.js';

/** The rules of a branch, as a commit of it has them. */
export interface BranchPolicy {
  readonly policy: Policy;
  readonly files: PolicyFiles;
  readonly digest: Digest;
  readonly branch: string;
  readonly commit: string;
}

/** Null where the commit has no policy. Throws `policy.invalid`. */
export async function policyAt(
  { git }: GatePlace,
  branch: string,
  commit: string,
): Promise<BranchPolicy | null> {
  const found = await git.filesOnProtectedBranch({
    // The commit is named: no remote is asked.
    remote: 'origin',
    branch,
    commit,
    paths: policyPaths,
  });
  if (found === null || found.files.get(policyPath) == null) return null;
  const files = policyFilesOf(found.files, 'protected-branch', commit);
  return {
    policy: parsePolicy(files.policy),
    files,
    digest: digestOf(files.policy),
    branch,
    commit,
  };
}

/** The protected branch has no policy: whatever stands in a work tree was seen by nobody. */
export function noBranchPolicy(branch: string): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.missing',
    message: `The protected branch "${branch}" has no ${policyPath}: there are no rules to judge by. A policy that is only in a work tree, or in the change itself, does not count.`,
    remedy: `Commit ${policyPath} to that branch.`,
  });
}

/**
 * Lets a ledger in memory stand as if these rules had been adopted just now, as the next decision would do:
 * with their people, keys and owners. False where they are the last ones adopted already. Nothing is written.
 * Throws `policy.invalid` where they belong to another ledger.
 */
export function adoptInMemory(
  context: TrailContext,
  { policy, files, digest }: BranchPolicy,
): boolean {
  const { state, store } = context;
  if (policy.ledger !== null && policy.ledger !== store.ledger)
    throw new PromptAuditError({
      code: 'policy.invalid',
      message: `${policyPath} of the protected branch belongs to another ledger (${policy.ledger.slice(0, 7)}…) than the ledger branch (${store.ledger?.slice(0, 7)}…).`,
      remedy: `One of the two branches was replaced. If the policy is meant for this ledger, correct "ledger" in it.`,
    });
  const last = adoptionInScope(state, everything)?.event.body;
  if (last != null && sameFiles(last, files)) return false;
  imagine(context, {
    type: 'policy.adopted',
    who: state.event(1).header.who,
    refs: { policy: digest },
    body: files,
    identity: 'git',
  });
  return true;
}
