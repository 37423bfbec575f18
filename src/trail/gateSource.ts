import { PromptAuditError } from '../core/errors.js';
import type { GatePlace } from '../git/gatePlace.js';
import { absentCommits, fetchCommits } from '../git/gateRefs.js';
import { isShallow } from '../git/gateRange.js';
import { isPartialClone } from '../git/partialClone.js';
import { manyRemotes } from '../git/remotes.js';
import type { GateInput } from './gateApi.js';
import { localFinder, remoteFinder, type GateAccess } from './gateFinders.js';
import { noBranchPolicy, policyAt, type BranchPolicy } from './gatePolicy.js';
import { ledgerBranch } from './ledgerBranch.js';

/** The commits that a judgement stands on; all are here. */
export interface GateCommits {
  readonly ledger: string;
  readonly rules: BranchPolicy;
  readonly base: string | null;
  readonly head: string;
  /** What `head` must hold. */
  readonly held: string | null;
}

/** Which remote has the ledger. Throws `ledger.missing` where there is none. */
export async function gateAccess(
  place: GatePlace,
  pinned: string | null,
  { fetch = true }: GateInput,
): Promise<GateAccess> {
  if (place.isServer) return { place, remote: null, fetch: false };
  const remote = await place.git.ledgerRemote(undefined, pinned ?? undefined);
  if (remote !== null) return { place, remote, fetch };
  const names = await place.git.remotes();
  throw new PromptAuditError({
    code: 'ledger.missing',
    message:
      names.length > 0
        ? manyRemotes(names).message
        : 'This repository has no remote: there is no protected branch and no shared ledger to judge by.',
    remedy:
      names.length > 0
        ? manyRemotes(names).remedy
        : 'Run the gate in a clone of the repository that the team shares, or in that one itself.',
  });
}

/** Finds all commits, and brings them here. Throws `ledger.missing`, `policy.missing`, `ref.unknown`, `sync.offline`. */
export async function gateCommits(access: GateAccess, input: GateInput): Promise<GateCommits> {
  const finder = access.remote === null || !access.fetch ? localFinder(access) : null;
  const find = finder ?? (await remoteFinder(access, access.remote!, input));
  const ledger = (await freshLedger(access)) ?? (await find.branch(ledgerBranch));
  if (ledger === null) throw noLedger(access);
  const { base: baseName, head: headName = 'HEAD' } = input;
  const base = baseName === undefined ? null : await find.base(baseName);
  if (base === null && baseName !== undefined) throw noSuchCommit(baseName);
  const head = await find.head(headName);
  if (head === null) throw noSuchCommit(headName);
  const held = input.contains === undefined ? null : await find.base(input.contains);
  if (held === null && input.contains !== undefined) throw noSuchCommit(input.contains);
  const { name, commit } = await find.standard();
  await bring(access, [ledger, commit, head, ...[base, held].filter((id) => id !== null)]);
  const standard = await policyAt(access.place, name, commit);
  if (standard === null) throw noBranchPolicy(name);
  const named = standard.policy.protectedBranch;
  if (named === null || named === name) return { ledger, rules: standard, base, head, held };
  const tip = await find.branch(named);
  const rules =
    tip === null ? null : (await bring(access, [tip]), await policyAt(access.place, named, tip));
  if (rules === null) throw noBranchPolicy(named);
  return { ledger, rules, base, head, held };
}

/**
 * In a clone with a ledger of its own the branch is fetched as every sync does, so that no history of it is cut off;
 * so it is in a partial one, which may have it without its files.
 */
async function freshLedger({ place, remote, fetch }: GateAccess): Promise<string | null> {
  if (remote === null || !fetch) return null;
  const isUsual = (await place.git.ledgerTip()) !== null || (await isPartialClone(place.folder));
  return isUsual ? place.git.fetchLedger(remote, ledgerBranch) : null;
}

/** Fetches what is not here. */
async function bring({ place, remote, fetch }: GateAccess, ids: readonly string[]): Promise<void> {
  const absent = await absentCommits(place, ids);
  if (absent.length === 0) return;
  if (fetch && remote !== null) {
    await fetchCommits(place, remote, absent, (await isShallow(place)) ? 'alone' : 'usual');
    if ((await absentCommits(place, absent)).length === 0) return;
  }
  throw new PromptAuditError({
    code: 'history.incomplete',
    message: `Commit ${absent[0]!.slice(0, 12)} is not in this repository.`,
    remedy: remote === null ? 'Name commits that are there.' : 'Fetch it before the gate runs.',
  });
}

function noLedger({ remote, fetch }: GateAccess): PromptAuditError {
  const where = remote === null ? 'This repository' : `The remote ${remote}`;
  return new PromptAuditError({
    code: 'ledger.missing',
    message: `${where} has no ledger: no branch ${ledgerBranch}${remote !== null && !fetch ? ' that was fetched here' : ''}.`,
    remedy:
      remote !== null && !fetch
        ? `Run the gate without --no-fetch, or: git fetch ${remote} ${ledgerBranch}:refs/remotes/${remote}/${ledgerBranch}`
        : 'Begin one in a clone, and share it: prompt-audit init, then prompt-audit sync',
  });
}

function noSuchCommit(name: string): PromptAuditError {
  return new PromptAuditError({
    code: 'ref.unknown',
    message: `There is no commit, branch or tag ${JSON.stringify(name.slice(0, 200))}.`,
    remedy: /^0+$/.test(name)
      ? 'This is how hosts say that a branch is new: name the branch that it is to be merged into.'
      : 'Name one that this repository or its remote has.',
  });
}
