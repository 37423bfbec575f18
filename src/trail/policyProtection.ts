import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPromptAuditError } from '../core/errors.js';
import type { EventOf } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { PolicyProtection } from '../core/policyRows.js';
import type { Finding } from '../core/rows.js';
import type { Placed } from '../core/state.js';
import { blobId, objectIdLength } from '../git/blobId.js';
import { blobsOnBranch } from '../git/branchBlobs.js';
import { branchMemory } from '../git/branchFetched.js';
import { isPartialClone } from '../git/partialClone.js';
import { isShallowClone } from '../git/shallowClone.js';
import type { TrailContext } from './context.js';
import { ProtectedBranch, policyPath } from './protectedBranch.js';

type Adoption = Placed<EventOf<'policy.adopted'>>;

/**
 * Whether each adopted policy ever stood on the protected branch, as far as this clone can tell. Nothing is fetched. What
 * was found to stand there is remembered, so each adoption is looked at until then and never again.
 */
export async function policyProtection(
  context: TrailContext,
): Promise<ReadonlyMap<EventId, PolicyProtection>> {
  const known = await settled(context);
  const open = context.state.policies.filter(({ event }) => !known.has(event.id));
  if (open.length === 0) return known;
  const found = await lookedUp(context, open);
  const all = new Map([...known, ...found]);
  await note(context, all);
  return all;
}

async function lookedUp(
  context: TrailContext,
  adoptions: readonly Adoption[],
): Promise<ReadonlyMap<EventId, PolicyProtection>> {
  const { git } = context.site;
  const remote = await context.remote();
  const unknown = new Map(adoptions.map(({ event }) => [event.id, 'unknown' as const]));
  if (git === null || remote === null) return unknown;
  // Git would fetch what such a clone lacks.
  if (await isPartialClone(git.root)) return unknown;
  const branch = new ProtectedBranch(git, remote, [policyPath]);
  const place = await branch.lastFetched().catch((error: unknown) => {
    // The policy there, or the branch that it names, cannot be read: nobody can tell.
    if (isPromptAuditError(error)) return null;
    throw error;
  });
  if (place === null) return unknown;
  const blobs = await blobsOnBranch(git.root, place.commit, policyPath);
  const isWhole = !(await isShallowClone(git.root));
  const length = await objectIdLength(git.root);
  const memory = await branchMemory(git, remote, place.branch, place.commit);
  const found = new Map<EventId, PolicyProtection>();
  for (const { event } of adoptions) {
    const { body, header } = event;
    if (body === null) {
      found.set(event.id, 'unknown');
      continue;
    }
    const isThere = blobs.has(blobId(Buffer.from(body.policy), length));
    const absent = !isWhole ? 'unknown' : blobs.size === 0 ? 'none' : 'never';
    if (body.commit === null) found.set(event.id, isThere ? 'later' : absent);
    else {
      const stood = isThere || memory.tips.has(body.commit);
      // A branch that was last seen before it was adopted may have that commit since.
      const isFresh = isWhole && memory.seenAt !== null && memory.seenAt > header.at;
      const about = { commit: body.commit, tip: place.commit, stood, isWhole, isFresh };
      found.set(event.id, await ofCommit(context, body, about));
    }
  }
  return found;
}

interface AboutCommit {
  readonly commit: string;
  /** Where the branch stands in this clone. */
  readonly tip: string;
  /** Whether the commit, or the bytes of its policy, are known to have stood there at some time. */
  readonly stood: boolean;
  readonly isWhole: boolean;
  /** Whether this clone has seen the branch since the adoption. */
  readonly isFresh: boolean;
}

/** Of an adoption that names a commit: whether that is on the branch, and holds these bytes. */
async function ofCommit(
  { site }: TrailContext,
  { policy }: { readonly policy: string },
  { commit, tip, stood, isWhole, isFresh }: AboutCommit,
): Promise<PolicyProtection> {
  const git = site.git!;
  if (!(await git.isAncestor(commit, tip))) {
    // Below the depth of a shallow clone nobody can tell.
    if (!isWhole) return 'unknown';
    const isBeside = (await git.isAncestor(commit, commit)) && !(await git.isAncestor(tip, commit));
    if (!isBeside && !isFresh) return 'unknown';
    return stood ? 'left' : 'never';
  }
  const bytes = await git.textOf(commit, policyPath);
  if (bytes === null) return 'never';
  return Buffer.from(bytes).toString('utf8') === policy ? 'yes' : 'never';
}

/** Findings about adoptions that never stood there; where no policy ever did, nothing is wrong with one of a work tree. */
export async function verifyProtection(context: TrailContext): Promise<readonly Finding[]> {
  const { policies } = context.state;
  if (policies.length === 0 || context.site.git === null) return [];
  const found = await policyProtection(context);
  let isProtected = false;
  return policies.flatMap((adoption) => {
    const { source } = adoption.event.body ?? {};
    const state = found.get(adoption.event.id) ?? 'unknown';
    const finding =
      state === 'never'
        ? neverProtected(adoption, isProtected || source === 'protected-branch')
        : state === 'left'
          ? leftProtected(adoption)
          : state === 'unknown' && source === 'protected-branch'
            ? protectedUnknown(adoption)
            : null;
    isProtected ||= source === 'protected-branch';
    return finding ?? [];
  });
}

function neverProtected({ seq, event }: Adoption, isGrave: boolean): Finding {
  const { source, commit } = event.body!;
  const from = source === 'protected-branch' ? `commit ${commit?.slice(0, 12)}` : 'a work tree';
  return {
    code: 'policy.neverProtected',
    severity: isGrave ? 'warning' : 'info',
    seq,
    event: event.id,
    message: `The policy adopted by event ${seq} came from ${from}, and never stood on the protected branch.`,
    expected: 'the protected branch',
    found: commit ?? source,
    remedy:
      'Look at what was judged by it: prompt-audit policy show --all, and prompt-audit policy diff with the one before it.',
  };
}

function leftProtected({ seq, event }: Adoption): Finding {
  const commit = event.body?.commit ?? null;
  return {
    code: 'policy.protectedUnknown',
    severity: 'warning',
    seq,
    event: event.id,
    message: `The policy adopted by event ${seq} came from commit ${commit?.slice(0, 12)}, which is not in the history of the protected branch now; the commit, or the same policy, stood there before.`,
    expected: 'the protected branch',
    found: commit,
    remedy: 'Ask who rewrote the history of that branch, and why.',
  };
}

function protectedUnknown({ seq, event }: Adoption): Finding {
  return {
    code: 'policy.protectedUnknown',
    severity: 'info',
    seq,
    event: event.id,
    message: `Whether the policy adopted by event ${seq} stood on the protected branch cannot be told in this clone.`,
    expected: null,
    found: event.body?.commit ?? null,
    remedy:
      'Run git fetch; in a shallow clone git fetch --unshallow. A partial clone cannot tell: use another.',
  };
}

/** What this clone has found to stand on the branch: `later` or `yes`. */
async function settled(context: TrailContext): Promise<Map<EventId, PolicyProtection>> {
  const found = new Map<EventId, PolicyProtection>();
  try {
    const known = JSON.parse(await readFile(fileOf(context), 'utf8')) as Partial<Note>;
    if (known.ledger !== context.store.ledger || typeof known.stood !== 'object') return found;
    for (const { event } of context.state.policies) {
      const state = Object.hasOwn(known.stood, event.id) ? known.stood[event.id] : undefined;
      if (state === 'yes' || state === 'later') found.set(event.id, state);
    }
  } catch {
    // Without it only more has to be looked at.
  }
  return found;
}

interface Note {
  readonly ledger: string;
  readonly stood: Readonly<Record<string, PolicyProtection>>;
}

async function note(
  context: TrailContext,
  all: ReadonlyMap<EventId, PolicyProtection>,
): Promise<void> {
  const { ledger } = context.store;
  const stood = Object.fromEntries(
    [...all].filter(([, state]) => state === 'yes' || state === 'later'),
  );
  if (ledger === null || Object.keys(stood).length === 0) return;
  const file = fileOf(context);
  const fresh = `${file}.${process.pid}.tmp`;
  const text = JSON.stringify({ ledger, stood } satisfies Note);
  await mkdir(context.site.privateDir, { recursive: true })
    .then(() => writeFile(fresh, text))
    .then(() => rename(fresh, file))
    .catch((error: unknown) =>
      context.warn(`What was looked up cannot be kept: ${(error as Error).message}`),
    );
}

function fileOf({ site }: TrailContext): string {
  return join(site.privateDir, 'policies.json');
}
