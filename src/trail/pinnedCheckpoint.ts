import { isPromptAuditError, PromptAuditError } from '../core/errors.js';
import type { PinnedCheckpoint } from '../core/policy.js';
import type { Finding } from '../core/rows.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';

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
 * Throws `sync.rewritten` where a ledger that is about to be taken over does not extend what a policy pins.
 * `remote`: the Merkle root over its first events; undefined where that cannot be told yet.
 */
export async function assertPinned(
  context: TrailContext,
  remote: (size: number) => string | null | undefined,
): Promise<void> {
  const unmetRoot = (point: PinnedCheckpoint): Finding | null => {
    const there = remote(point.size);
    return there === undefined || there === point.root
      ? null
      : unmetBy(point, there ?? 'fewer events');
  };
  const points = await pinnedCheckpoints(context);
  const unmet = points.map(unmetRoot).find((found) => found !== null);
  if (unmet === undefined) return;
  throw new PromptAuditError({
    code: 'sync.rewritten',
    message: `${unmet.message} Nothing was taken over from the remote.`,
    remedy: unmet.remedy,
  });
}

function unmetBy({ size, root }: PinnedCheckpoint, found: string): Finding {
  return {
    code: 'checkpoint.unmet',
    severity: 'error',
    seq: null,
    event: null,
    message: `The policy pins a checkpoint of ${size} events, which the ledger does not extend.`,
    expected: root,
    found,
    remedy:
      'The ledger was rebuilt or cut, or the policy is wrong. Compare both with a clone that you trust before you go on.',
  };
}
