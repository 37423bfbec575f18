import { PromptAuditError } from '../core/errors.js';
import type { Actor } from '../core/persons.js';
import { policyInScope } from '../core/policyInScope.js';
import { rightReasons } from '../core/redaction.js';
import { everything } from '../core/state.js';
import { localLedgerRef, resolveRef } from '../git/ledgerCommit.js';
import {
  countCommits,
  forgetOldLedger,
  pruneCommand,
  pruneObjects,
  replaceBranch,
  writeRootCommit,
} from '../git/purge.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { ledgerBranch } from './ledgerBranch.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import type { PurgeInput, PurgeReport } from './redactApi.js';
import { commitLocally, sync } from './sync.js';

/**
 * Replaces the history of the ledger branch by one commit with the same files, on the remote and here, and
 * records that. The ledger itself loses nothing: every event is in those files. Throws `reason.missing`,
 * `redaction.refused`, `sync.refused` where the host protects the branch (nothing was changed then),
 * `sync.busy`, and what sync throws.
 */
export async function purgeHistory(context: TrailContext, input: PurgeInput): Promise<PurgeReport> {
  const reason = requiredText(
    input.reason,
    'reason.missing',
    'Purging the history needs a reason.',
  );
  const { git } = context.site;
  if (git === null) throw nothingToPurge('This folder has no git, so the ledger has no history.');
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  assertRight(context, context.state.persons.actor(who), input);
  await context.store.erase();
  const remote = await context.remote();
  // The newest files first: what is purged must be what everybody has, byte for byte.
  if (remote === null) await commitLocally(context, git);
  else await sync(context, { exact: true });
  const tip = await resolveRef(git.root, localLedgerRef);
  if (tip === null) throw nothingToPurge('The ledger is in no commit yet.');
  const commits = await countCommits(git.root, tip);
  const commit = await writeRootCommit(git.root, tip, 'Ledger, its older history purged [skip ci]');
  if (remote !== null) await replaceBranch(git.root, remote, ledgerBranch, commit, tip);
  await git.setLocalLedger(commit, tip);
  const { seen } = context.store;
  if (seen !== null && remote !== null) await context.store.markSynced({ ...seen, commit });
  // Only now, because a host may refuse; what was done is recorded before anything else can fail.
  const { identity } = input;
  const body = { reason, commits, tip };
  const event = await context.transact((tx) =>
    tx.append({ type: 'history.purged', who, refs: {}, body, identity }),
  );
  if (remote !== null) await sync(context);
  await forgetOldLedger(git.root, ledgerBranch, (await resolveRef(git.root, localLedgerRef))!);
  if (input.prune === true) await pruneObjects(git.root);
  return {
    remote,
    commits,
    tip,
    commit,
    event: event.id,
    pruned: input.prune === true,
    commands: [pruneCommand],
    stays: staysAfterPurge(remote, input.prune === true),
  };
}

function assertRight(context: TrailContext, who: Actor, { identity }: PurgeInput): void {
  const policy = policyInScope(context.state, everything);
  const reasons = rightReasons({ policy, who, identity });
  if (reasons.length === 0) return;
  throw new PromptAuditError({
    code: 'redaction.refused',
    message: 'The policy does not let you purge the history of the ledger branch.',
    remedy: '"redaction" in .prompt-audit/policy.jsonc says who may.',
    reasons,
  });
}

function staysAfterPurge(remote: string | null, pruned: boolean): readonly string[] {
  const stays: string[] = [];
  if (!pruned)
    stays.push(
      'The old objects lie in this clone until git collects them. The command does it now; it also drops every other unreachable object of this clone, such as lost stashes.',
    );
  if (remote !== null) {
    stays.push(
      'Every other clone drops the old history when it syncs, and its objects when the same command runs there.',
      `The server of ${remote} keeps the old objects until it collects them: run git gc --prune=now there, or ask its support. Forks and caches of the host are copies of their own.`,
    );
  }
  stays.push('Backups and copies made by hand are out of reach.');
  return stays;
}

function nothingToPurge(message: string): PromptAuditError {
  return new PromptAuditError({
    code: 'redaction.target',
    message,
    remedy: 'There is nothing to purge. Redacting alone removes the bytes.',
  });
}
