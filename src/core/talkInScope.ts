import type { EventId } from './ids.js';
import type { Identities } from './identities.js';
import type { LedgerState, Scope, VersionRecord } from './state.js';
import { threadsOf, type TalkThread } from './talk.js';

/**
 * The first comments of the threads that are open by the facts in scope, of a version and of those before it which its
 * proposer had seen. Its own author may settle a thread, and whoever did not contribute to the version.
 */
export function openThreadsInScope(input: {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  readonly scope: Scope;
  readonly identities: Identities;
  readonly contributors: () => Iterable<string>;
}): readonly EventId[] {
  const { state, version, scope } = input;
  const open: EventId[] = [];
  for (const one of version.prompt.versions) {
    if (one.talk.length === 0 || one.seq > version.seq) continue;
    if (one !== version && !state.causality.isAncestor(one.seq, version.seq)) continue;
    for (const thread of threadsOf(state, one, scope))
      if (!isSettled(input, thread)) open.push(thread.first.event.id);
  }
  return open;
}

function isSettled(
  { state, identities, contributors }: Parameters<typeof openThreadsInScope>[0],
  { acts, first }: TalkThread,
): boolean {
  const author = identities.same(first.event.header.who);
  const writers = new Set([...contributors()].map((id) => identities.same(id as typeof author)));
  const counting = acts.filter(({ event }) => {
    const who = identities.same(event.header.who);
    return who === author || !event.header.refs.resolved || !writers.has(who);
  });
  const newest = counting.filter(
    ({ seq }) => !counting.some((other) => state.causality.isAncestor(seq, other.seq)),
  );
  return newest.length > 0 && newest.every(({ event }) => event.header.refs.resolved);
}
