import type { CommitSignature, LedgerEvent } from '../core/event.js';
import { upTo } from '../core/eventRows.js';
import type { PersonId } from '../core/ids.js';
import type { PersonRef } from '../core/rows.js';
import type { LedgerState } from '../core/state.js';

/** What an event says of the commit that it was read from: claims of git, which nobody checked. */
export interface CommitFacts {
  readonly commit: string;
  readonly author: PersonRef | null;
  /** Null: the author, or the event does not say. */
  readonly committer: PersonRef | null;
  readonly coAuthors: readonly PersonRef[];
  /** Names of programs that the commit says have written it. */
  readonly agents: readonly string[];
  /** ISO 8601; null where the event does not say. */
  readonly authoredAt: string | null;
  readonly signed: CommitSignature | null;
}

/** Null for events that name no commit, and where their body is gone. */
export function commitFacts(
  state: LedgerState,
  event: LedgerEvent,
  seq: number,
): CommitFacts | null {
  if (!event.known || event.body === null) return null;
  const person = (id: PersonId | null | undefined): PersonRef | null =>
    id == null ? null : state.persons.ref(id, upTo(seq));
  if (event.type === 'prompt.moved' || event.type === 'prompt.removed') {
    const { commit } = event.body;
    if (commit == null) return null;
    const author = person(event.header.refs.author);
    return { commit, author, ...{ committer: null, coAuthors: [], agents: [] }, ...unsaid };
  }
  if (event.type !== 'revision.observed') return null;
  const { author, committer, coAuthors = [] } = event.header.refs;
  const { commit, authoredAt, agents = [], signed = null } = event.body;
  return {
    commit,
    author: person(author),
    committer: person(committer),
    coAuthors: coAuthors.map((id) => state.persons.ref(id, upTo(seq))),
    agents,
    authoredAt,
    signed,
  };
}

const unsaid = { authoredAt: null, signed: null } as const;
