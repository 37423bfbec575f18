import type { EventOf } from '../core/event.js';
import { findingsScope } from '../core/findingReviews.js';
import { isSigned } from '../core/signatures.js';
import { everything, type Placed } from '../core/state.js';
import type { GitRepository } from '../git/repository.js';
import type { TrailContext } from './context.js';
import { resolutionIn, type Resolution } from './resolution.js';
import type { BranchPoint, Contradiction, Explained } from './resolveApi.js';

type Review = EventOf<'trail.reviewed'>;

/**
 * The newest resolving review in the ledger that explains what a remote showed; null where none does. It does when
 * it is newer than what this clone had seen, the branch goes on from the very commit that it says was kept, and the
 * commit that this clone lost or met is on the other side. Anybody can write such an event, as any other: that
 * it explains something says who answers for it, no more.
 */
export async function explanationOf(
  context: TrailContext,
  git: GitRepository,
  found: Contradiction,
  tip: string,
): Promise<Explained | null> {
  const { state } = context;
  for (const { seq, event } of reviews(context).reverse()) {
    if (seq <= (found.ours?.size ?? 0)) break;
    const said = event.body === null ? null : resolutionIn(event.body.disposition);
    if (said === null || !(await isMeant(context, git, said, found, tip))) continue;
    const counts = event.body?.identity === 'git' || isSigned(state, event.id, everything);
    return { event: event.id, counts };
  }
  return null;
}

/** Who it was, when and why, as one sentence; null where the ledger no longer has that event. */
export function explanationText(context: TrailContext, { event }: Explained): string | null {
  const found = reviews(context).find((one) => one.event.id === event);
  if (found === undefined) return null;
  const { header, body } = found.event;
  const { name } = context.state.persons.ref(header.who, (other) => other <= found.seq);
  return `${name} on ${header.at.slice(0, 10)}: ${body?.disposition ?? 'the words were redacted.'}`;
}

function reviews({ state }: TrailContext): Placed<Review>[] {
  return [...state.seqsOfType('trail.reviewed')].flatMap((seq) => {
    const event = state.event(seq);
    const isReview = event.known && event.type === 'trail.reviewed';
    return isReview && event.body?.scope === findingsScope ? [{ seq, event }] : [];
  });
}

async function isMeant(
  { store }: TrailContext,
  git: GitRepository,
  { keep, ours, theirs }: Resolution,
  found: Contradiction,
  tip: string,
): Promise<boolean> {
  const leadsTo = async (from: string | null, to: string | null): Promise<boolean> =>
    from !== null && to !== null && (from === to || (await git.isAncestor(from, to)));
  const isHere = (commit: string): Promise<boolean> => git.isAncestor(commit, commit);
  const kept = keep === 'ours' ? ours : theirs;
  if (!(await leadsTo(kept?.commit ?? null, tip))) return false;

  if (found.code === 'sync.replaced') {
    const gone = keep === 'ours' ? theirs : ours;
    const lost = found.ours;
    if (gone === null || lost === null) return false;
    if (await leadsTo(lost.commit, gone.commit)) return true;
    const isUnknown = gone.commit === null || !(await isHere(gone.commit));
    return isUnknown && isLater(lost, gone) && store.rootAt(gone.size!) === gone.root;
  }
  if (found.theirs === null || theirs === null) return found.theirs === theirs;
  if (await leadsTo(found.theirs.commit, theirs.commit)) return true;
  // The other side went on behind what was met here, and nobody can fetch that any more.
  const isGone = theirs.commit === null || !(await isHere(theirs.commit));
  return keep === 'ours' && isGone && (await leadsTo(found.ours?.commit ?? null, ours!.commit));
}

/**
 * Whether a resolving review that stands in a branch, and not here, is about what this clone saw: the branch goes on
 * from the side that was kept, and this clone from the other one. Whoever may push can write such a review.
 */
export async function isLeftBehind(
  git: GitRepository,
  { keep, ours, theirs }: Resolution,
  seen: BranchPoint | null,
  tip: string,
): Promise<boolean> {
  const [kept, gone] = keep === 'ours' ? [ours, theirs] : [theirs, ours];
  const from = seen?.commit ?? null;
  if (from === null || kept?.commit == null || gone?.commit == null) return false;
  if (!(await git.isAncestor(kept.commit, tip))) return false;
  // The other side may have gone on behind what this clone saw, and nobody can fetch that any more.
  const isHere = await git.isAncestor(gone.commit, gone.commit);
  return isHere ? await git.isAncestor(from, gone.commit) : true;
}

const isLater = (before: BranchPoint, after: BranchPoint): boolean =>
  before.size !== null && after.size !== null && after.root !== null && after.size >= before.size;
