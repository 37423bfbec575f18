import { isPromptAuditError, PromptAuditError } from '../core/errors.js';
import type { PinnedCheckpoint } from '../core/policy.js';
import type { Finding } from '../core/rows.js';
import { UnusableBranch } from '../ledger/remoteGround.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { policyPath } from './protectedBranch.js';

/** The checkpoints that the policies pin: of the working tree, and the one adopted last. */
async function pinnedCheckpoints(context: TrailContext): Promise<readonly PinnedCheckpoint[]> {
  const working = await workingPolicy(context.site).catch((error: unknown) => {
    // What is wrong with the policy is told where it is edited and where it judges.
    if (isPromptAuditError(error)) return null;
    throw error;
  });
  const pinned = [working?.minCheckpoint ?? null, context.policy.minCheckpoint];
  const points = pinned.filter((point) => point !== null);
  return points.filter(
    ({ size, root }, i) => !points.slice(0, i).some((p) => p.size === size && p.root === root),
  );
}

/** The largest checkpoint that a policy pins, and a finding for each that the ledger does not extend. */
export async function verifyPinned(
  context: TrailContext,
): Promise<{ readonly pinned: number | null; readonly findings: readonly Finding[] }> {
  const points = await pinnedCheckpoints(context);
  const roots = context.store.rootsAt(points.map(({ size }) => size));
  const findings = points
    .filter(({ size, root }) => roots.get(size) !== root)
    .map((point) => unmetBy(point, roots.get(point.size) ?? `${context.store.size} events`));
  return { pinned: Math.max(0, ...points.map(({ size }) => size)) || null, findings };
}

/**
 * Refuses a ledger that is about to be taken over and does not extend what a policy pins. Throws `sync.rewritten`
 * where what this clone saw does extend it, so that there is something to put back, else `checkpoint.unmet`: then
 * the pin may as well be the mistake.
 * `remote`: the Merkle root over its first events; undefined where that cannot be told yet.
 */
export async function assertPinned(
  context: TrailContext,
  remote: (size: number) => string | null | undefined,
): Promise<void> {
  const points = await pinnedCheckpoints(context);
  const unmet = points.find(({ size, root }) => {
    const there = remote(size);
    return there !== undefined && there !== root;
  });
  if (unmet === undefined) return;
  const { store } = context;
  const { size, root } = unmet;
  const isHere = (store.seen?.size ?? 0) >= size && store.rootAt(size) === root;
  throw new (isHere ? UnusableBranch : PromptAuditError)({
    code: isHere ? 'sync.rewritten' : 'checkpoint.unmet',
    message: `The policy pins a checkpoint of ${size} events, which the ledger of the remote does not extend: it has ${remote(size) === null ? 'fewer events' : 'other events'}. Nothing was taken over from it.`,
    remedy: isHere ? 'The ledger branch was rebuilt or cut.' : unmetRemedy,
  });
}

const unmetRemedy = `Either the ledger was rebuilt or cut, or the pin is a mistake. Compare both with a clone that you trust (prompt-audit checkpoint). A wrong pin: correct "minCheckpoint" in ${policyPath} on the protected branch. A wrong ledger branch: a clone that still holds the pinned events puts it back.`;

function unmetBy({ size, root }: PinnedCheckpoint, found: string): Finding {
  return {
    code: 'checkpoint.unmet',
    severity: 'error',
    seq: null,
    event: null,
    message: `The policy pins a checkpoint of ${size} events, which the ledger does not extend.`,
    expected: root,
    found,
    remedy: unmetRemedy,
  };
}
