import type { EventOf } from '../core/event.js';
import { policyInScope } from '../core/policyInScope.js';
import { rightReasons } from '../core/redaction.js';
import { ancestorsOf, type Placed } from '../core/state.js';
import { forgetOldLedger, pruneCommand } from '../git/purge.js';
import type { GitRepository } from '../git/repository.js';
import type { TrailContext } from './context.js';

/**
 * Tells when the ledger branch does not stand on the commit that this clone saw there last. The events were
 * compared before and are all there; a recorded purge is the good reason for it, and then this clone lets go of
 * the old commits, too. False where there is none.
 */
export async function noticePurge(
  context: TrailContext,
  git: GitRepository,
  branch: string,
  seen: string | null,
  tip: string,
): Promise<boolean> {
  if (seen === null || seen === tip || (await git.isAncestor(seen, tip))) return true;
  const purge = newestPurge(context);
  if (purge === null || !mayPurge(context, purge)) return false;
  await forgetOldLedger(git.root, branch, tip);
  const { seq, event } = purge;
  const who = context.state.persons.ref(event.header.who, (other) => other <= seq).name;
  const reason = event.body === null ? '' : ` because ${event.body.reason}`;
  context.warn(
    `${who} purged the history of the ledger branch on ${event.header.at.slice(0, 10)}${reason}. To drop the old objects of this clone, and all other unreachable ones, run: ${pruneCommand}`,
  );
  return true;
}

type Purge = Placed<EventOf<'history.purged'>>;

function newestPurge({ state }: TrailContext): Purge | null {
  for (let seq = state.size; seq >= 1; seq--) {
    if (state.typeAt(seq) !== 'history.purged') continue;
    const event = state.event(seq);
    if (event.known && event.type === 'history.purged') return { seq, event };
  }
  return null;
}

function mayPurge({ state }: TrailContext, { seq, event }: Purge): boolean {
  const scope = ancestorsOf(state, seq);
  const reasons = rightReasons({
    policy: policyInScope(state, scope),
    who: state.persons.actor(event.header.who, scope),
    identity: event.body?.identity ?? null,
  });
  return reasons.length === 0;
}
