import type { EventOf } from './event.js';
import type { EventId } from './ids.js';
import type { LineRange } from './lineMap.js';
import {
  everything,
  type LedgerState,
  type Placed,
  type PromptRecord,
  type Scope,
  type VersionRecord,
} from './state.js';

type Comment = Placed<EventOf<'review.commented'>>;
export type Resolution = Placed<EventOf<'review.resolved'>>;

/** A first comment, what was answered to it, and whether it is resolved. Whether that settles it: settledTalk.ts. */
export interface TalkThread {
  readonly version: VersionRecord;
  readonly first: Comment;
  /** In the agreed order. */
  readonly replies: readonly Comment[];
  /** Who resolved it or opened it again, in the agreed order. */
  readonly acts: readonly Resolution[];
  readonly resolved: boolean;
}

/**
 * The threads of a version, in the agreed order of their first comments. An answer or a resolution counts only
 * where its writer had seen the first comment.
 */
export function threadsOf(
  state: LedgerState,
  version: VersionRecord,
  scope: Scope = everything,
): readonly TalkThread[] {
  const threads = new Map<EventId, Building>();
  for (const { seq, event } of version.talk) {
    if (event.type === 'review.requested' || !scope(seq)) continue;
    const { thread = null } = event.header.refs;
    if (thread === null) {
      if (event.type === 'review.commented')
        threads.set(event.id, { first: { seq, event }, replies: [], acts: [] });
      continue;
    }
    const known = threads.get(thread);
    if (known === undefined || !state.causality.isAncestor(known.first.seq, seq)) continue;
    if (event.type === 'review.commented') known.replies.push({ seq, event });
    else known.acts.push({ seq, event });
  }
  return [...threads.values()].map((thread) => ({
    ...thread,
    version,
    resolved: isResolved(state, thread.acts),
  }));
}

/**
 * The threads of a version and of the versions before it, which its proposer had seen: what nobody resolved stays
 * open, whatever was proposed since.
 */
export function threadsUpTo(
  state: LedgerState,
  version: VersionRecord,
  scope: Scope = everything,
): readonly TalkThread[] {
  return talkedAbout(state, version.prompt)
    .filter((one) => one === version || state.causality.isAncestor(one.seq, version.seq))
    .flatMap((one) => threadsOf(state, one, scope));
}

/** The versions of a prompt of which something was said, found once for each state. */
function talkedAbout(state: LedgerState, prompt: PromptRecord): readonly VersionRecord[] {
  let known = talkedByState.get(state);
  if (known?.size !== state.size) {
    known = { size: state.size, byPrompt: new Map() };
    talkedByState.set(state, known);
  }
  let versions = known.byPrompt.get(prompt);
  if (versions === undefined) {
    versions = prompt.versions.filter(({ talk }) => talk.length > 0);
    known.byPrompt.set(prompt, versions);
  }
  return versions;
}

const talkedByState = new WeakMap<
  LedgerState,
  { size: number; byPrompt: Map<PromptRecord, readonly VersionRecord[]> }
>();

/** Which lines of its version's text a thread is about; null: the whole version, or nobody can tell any more. */
export function linesOfThread({ first }: Pick<TalkThread, 'first'>): LineRange | null {
  const { body } = first.event;
  if (body === null || body.line === null) return null;
  return { line: body.line, endLine: Math.max(body.line, body.endLine ?? body.line) };
}

/** The newest acts decide. Where they disagree, the thread is open. */
function isResolved(state: LedgerState, acts: readonly Resolution[]): boolean {
  const newest = newestActs(state, acts);
  return newest.length > 0 && newest.every(({ event }) => event.header.refs.resolved);
}

/** Those that no other act has seen, the last one first. */
export function newestActs(
  { causality }: LedgerState,
  acts: readonly Resolution[],
): readonly Resolution[] {
  const newest: Resolution[] = [];
  for (const act of acts.toReversed())
    if (!newest.some(({ seq }) => causality.isAncestor(act.seq, seq))) newest.push(act);
  return newest;
}

interface Building {
  readonly first: Comment;
  readonly replies: Comment[];
  readonly acts: Resolution[];
}
